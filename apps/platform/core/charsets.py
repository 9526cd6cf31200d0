"""Bodies are read as UTF-8 alone."""

from __future__ import annotations

CHARSET_REFUSED = "rmrcpm.charset_refused"
"""What the entry for the web server sets where a body is said to be of another charset."""
