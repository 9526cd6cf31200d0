"""Pure rules of who may see what."""

from apps.accounts.rules.scope import NOBODY, Viewer

__all__ = ["NOBODY", "Viewer"]
