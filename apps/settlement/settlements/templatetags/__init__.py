"""Template tags of the settlement."""
