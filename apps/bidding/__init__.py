"""Costs, bids and what the markets are told."""
