"""Who may do what, written by hand, asked of services, pages, API and commands alike."""
