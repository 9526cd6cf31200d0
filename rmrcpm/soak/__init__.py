"""Kill programs of a working product at random, and compare its books with an undisturbed one's."""
