"""What time it is on this site."""
