"""Who may do what, written by hand and asked of the services."""
