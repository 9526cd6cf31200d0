"""Settings that come from the environment, read in one place."""

from __future__ import annotations

import os
import re
import secrets
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

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


def prefix() -> str:
    """Return the path the site is mounted at (``RMRCPM_PREFIX``), such as /rmr; blank at the root.

    Raises ValueError for what is no plain path.
    """
    given = text("RMRCPM_PREFIX").strip("/")
    if given and not re.fullmatch(r"[\w-]+(/[\w-]+)*", given, re.ASCII):
        raise ValueError(f"RMRCPM_PREFIX is a path of letters, digits, - and _, not {given!r}")
    return f"/{given}" if given else ""


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


def clock() -> datetime | None:
    """Return when the simulated clock begins (``RMRCPM_CLOCK``), Pacific where it says no zone.

    A home that has begun keeps it, for later starts and for commands beside the product. Raises
    ValueError for what is no moment.
    """
    kept = clock_file()
    given = text("RMRCPM_CLOCK") or (kept.read_text().strip() if kept.exists() else "")
    if not given:
        return None
    try:
        found = datetime.fromisoformat(given)
    except ValueError:
        raise ValueError(
            f"RMRCPM_CLOCK is a moment such as 2024-09-06T08:00, Pacific, not {given!r}"
        ) from None
    return found if found.tzinfo else found.replace(tzinfo=ZoneInfo("America/Los_Angeles"))


def clock_file() -> Path:
    """Return the file in which a home keeps when its simulated clock began."""
    return home() / "clock"


def job_waits() -> dict[str, int]:
    """Return after how many minutes a waiting job is an alarm, by its kind; "" for every other.

    ``RMRCPM_JOB_WAITS`` is such as ``15`` or ``15 export=60``. Raises ValueError for other words.
    """
    found = {"": 15}
    for word in text("RMRCPM_JOB_WAITS").split():
        kind, _, minutes = word.rpartition("=")
        if not minutes.isdecimal() or not int(minutes):
            raise ValueError(
                "RMRCPM_JOB_WAITS is minutes, and kind=minutes for each kind of its own, such as "
                f"'15 export=60', not {word!r}"
            )
        found[kind] = int(minutes)
    return found


def metrics_token() -> str:
    """Return what a program sends to read the metrics (``RMRCPM_METRICS_TOKEN``), or nothing.

    Raises ValueError for one that is short enough to be guessed.
    """
    given = text("RMRCPM_METRICS_TOKEN")
    if given and len(given) < 20:
        raise ValueError("RMRCPM_METRICS_TOKEN needs 20 characters or more")
    return given


def mail() -> dict[str, str]:
    """Return how mail is sent: ``RMRCPM_SMTP`` as smtp://user:password@host:587, else a folder.

    The folder ``mail`` of the home is readable for the account of the programs only: mails hold
    links that set passwords.
    """
    given = text("RMRCPM_SMTP")
    if not given:
        (home() / "mail").mkdir(mode=0o700, parents=True, exist_ok=True)
        (home() / "mail").chmod(0o700)
        backend = "rmrcpm.private_mail.PrivateFiles"
        return {"backend": backend, "host": "", "port": "25", "user": "", "password": "", "tls": ""}
    parts = urlsplit(given)
    return {
        "backend": "django.core.mail.backends.smtp.EmailBackend",
        "host": parts.hostname or "localhost",
        "port": str(parts.port or 25),
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "tls": "1" if parts.port == 587 else "",
    }


def single_sign_on() -> dict[str, Any]:
    """Return the OpenID Connect provider that ``RMRCPM_OIDC_*`` names, or nothing."""
    server = text("RMRCPM_OIDC_URL")
    if not server:
        return {}
    app = {
        "provider_id": "sso",
        "name": text("RMRCPM_OIDC_NAME", "Single sign-on"),
        "client_id": text("RMRCPM_OIDC_CLIENT_ID"),
        "secret": text("RMRCPM_OIDC_SECRET"),
        "settings": {"server_url": server, "oauth_pkce_enabled": True},
    }
    return {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True, "VERIFIED_EMAIL": True}}
