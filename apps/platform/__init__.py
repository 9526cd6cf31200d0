"""What every other wing stands on."""
