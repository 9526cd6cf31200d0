"""A folder to retrieve the Master File from."""

from datetime import timedelta

import pytest

from apps.reference.masterfile import services
from apps.reference.resources.services import ensure_resources
from tests.reference.masterfile.files import DAY


@pytest.fixture(autouse=True)
def on_file():
    """The one resource that the demo does not know: a new one waits for a person."""
    ensure_resources(["FREE_1_UNIT"])


@pytest.fixture
def folder(tmp_path):
    return tmp_path


@pytest.fixture
def retrieve(folder, now):
    def go(content=None, name="masterfile-2024-09-04.csv", day=DAY):
        if content is not None:
            (folder / name).write_text(content)
        return services.retrieve(
            source=services.FolderSource(folder), day=day, at=now + timedelta(seconds=1)
        )

    return go
