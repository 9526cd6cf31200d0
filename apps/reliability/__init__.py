"""RMR: retirement, designation, contract."""
