"""Desks and lists of bids, insertion, shortfalls and use limits."""

from apps.bidding.bids.screens import desks, lists

__all__ = ["desks", "lists"]
