"""What a site that others can reach refuses to start with: a short key, and people of the demo."""

from __future__ import annotations

from datetime import datetime
from ipaddress import ip_address

from rmrcpm import env

SHORTEST_KEY = 50  # characters; Django's own check warns below it
FEWEST_SIGNS = 5  # different ones


class Exposed(RuntimeError):
    """Others would reach the site with what everybody knows; the message says what to do."""


def reached_by() -> str:
    """Return the setting by which others than this machine reach the site; blank without one.

    A proxy reaches a site that listens on this machine alone, and lets others in.
    """
    if env.flag("RMRCPM_HTTPS"):
        return "RMRCPM_HTTPS=1"
    if env.flag("RMRCPM_BEHIND_PROXY"):
        return "RMRCPM_BEHIND_PROXY=1"
    bind = env.text("RMRCPM_BIND", "127.0.0.1")
    return "" if _own_machine(bind) else f"RMRCPM_BIND={bind}"


def _own_machine(bind: str) -> bool:
    if bind == "localhost" or bind.startswith("unix:"):
        return True
    try:
        return ip_address(bind.strip("[]")).is_loopback
    except ValueError:
        return False


def refuse_short_key(key: str) -> None:
    """Raise Exposed where others reach a site whose signing key can be guessed."""
    why = reached_by()
    if why and (len(key) < SHORTEST_KEY or len(set(key)) < FEWEST_SIGNS):
        raise Exposed(
            f"With {why} others reach this site, and its signing key is too short: whoever "
            f"guesses it signs in as anybody. Give DJANGO_SECRET_KEY at least {SHORTEST_KEY} "
            "random characters, or leave it out, and one is made and kept in the home."
        )


def refuse_demo() -> None:
    """Raise Exposed where others would reach a site with people whose password is printed."""
    why = reached_by()
    if why:
        raise Exposed(
            f"With {why} others reach this site, and everybody knows the password of the people "
            "of the demo. Set RMRCPM_DEMO=0 and begin with a home of its own (RMRCPM_HOME), or "
            "serve this machine alone: without RMRCPM_HTTPS and RMRCPM_BEHIND_PROXY, and "
            "RMRCPM_BIND=127.0.0.1."
        )


def clock_starts() -> datetime | None:
    """Return when the simulated clock begins; Exposed where others would reach such a site."""
    why, starts = reached_by(), env.clock()
    if why and starts is not None:
        raise Exposed(
            f"With {why} others reach this site, and RMRCPM_CLOCK gives it a simulated clock: its "
            "deadlines and records would be of another day than theirs. Leave RMRCPM_CLOCK out, "
            "or serve this machine alone."
        )
    return starts
