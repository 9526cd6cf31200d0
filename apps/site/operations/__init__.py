"""How the product runs: the lines of requests, metrics, and the page System health."""
