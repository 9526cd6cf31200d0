"""What was logged, as the programs write it."""

from __future__ import annotations

import io
import json
import logging

import pytest

from rmrcpm import logs


class Written:
    """Everything that was logged, in both forms."""

    def __init__(self):
        self.plain, self.as_json = io.StringIO(), io.StringIO()

    @property
    def text(self):
        return self.plain.getvalue() + self.as_json.getvalue()

    @property
    def lines(self):
        return [json.loads(line) for line in self.as_json.getvalue().splitlines()]

    def of(self, request_id):
        return [line for line in self.lines if line["request_id"] == request_id]


@pytest.fixture
def written(settings):
    """Return what is logged from here on, as plain lines and as JSON lines."""
    found, root, handlers = Written(), logging.getLogger(), []
    for stream, form in ((found.plain, logs.Line), (found.as_json, logs.JsonLine)):
        handler = logging.StreamHandler(stream)
        handler.setFormatter(form([settings.SECRET_KEY]))
        handler.addFilter(logs.RequestId())
        root.addHandler(handler)
        handlers.append(handler)
    level = root.level
    root.setLevel("DEBUG")
    yield found
    root.setLevel(level)
    for handler in handlers:
        root.removeHandler(handler)
