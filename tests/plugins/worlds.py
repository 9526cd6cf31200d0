"""Worlds: what takes long to put into the database, put there once for the tests of a file.

::

    @pytest.fixture(scope="module")
    def settled(world):
        with world():
            yield acts.settle()

Each test of the file begins with that world and is undone to it; after the last one it is undone
itself. Tests that commit (``transaction=True``) cannot stand in such a file.
"""

from __future__ import annotations

from contextlib import contextmanager

import pytest


@pytest.fixture(scope="session")
def world(django_db_setup, django_db_blocker):
    """Return a context whose rows stay while it lasts, under the transaction of each test."""
    from django.db import transaction

    @contextmanager
    def opened():
        with django_db_blocker.unblock(), transaction.atomic():
            try:
                yield
            finally:
                transaction.set_rollback(True)

    return opened
