"""Mails as files that only the account of the programs can read: they hold password links."""

from __future__ import annotations

import os

from django.core.mail.backends.filebased import EmailBackend


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


class PrivateFiles(EmailBackend):
    """Django's mails as files, in files of mode 0600."""

    def open(self) -> bool:
        """Open the file of these mails; returns whether it was closed before."""
        if self.stream is not None:
            return False
        self.stream = open(self._get_filename(), "ab", opener=_private)  # noqa: SIM115  (closed by the base class)
        return True
