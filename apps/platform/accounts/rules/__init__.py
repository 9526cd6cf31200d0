"""Pure rules of who may see what."""

from apps.platform.accounts.rules.scope import NOBODY, THE_ISO, Viewer

__all__ = ["NOBODY", "THE_ISO", "Viewer"]
