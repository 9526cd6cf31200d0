"""What README and docs say is held against the tree."""
