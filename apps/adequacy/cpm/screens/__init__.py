"""Desks and lists of CPM."""

from apps.adequacy.cpm.screens import desks, lists

__all__ = ["desks", "lists"]
