"""Settlement, statements, cost recovery, disputes and clearing."""
