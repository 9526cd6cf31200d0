"""Settings that come from the environment, read in one place."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent


def text(name: str, default: str = "") -> str:
    """Return an environment value, or the default where it is unset or blank."""
    return os.environ.get(name, "").strip() or default


def flag(name: str, *, default: bool = False) -> bool:
    """Return whether an environment value is switched on (1, true, yes, on)."""
    return text(name, "1" if default else "0").lower() in {"1", "true", "yes", "on"}


def home() -> Path:
    """Return the folder for everything the running product writes (``RMRCPM_HOME``)."""
    return Path(text("RMRCPM_HOME", str(BASE / "var"))).resolve()


def secret_key() -> str:
    """Return the signing key: from the environment, else one kept in the home folder."""
    given = text("DJANGO_SECRET_KEY")
    if given:
        return given
    kept = home() / "secret-key"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_urlsafe(64))
    return kept.read_text().strip()
