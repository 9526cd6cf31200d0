"""The log of the web server itself, and the two forms of a line."""

from __future__ import annotations

import json
import logging
from datetime import timedelta
from types import SimpleNamespace

import pytest

from apps.platform.core.request_ids import under_request
from rmrcpm import logs

LINK = "/accounts/join/MQ/c5v2bq-0123456789abcdef/?next=secret-word"


@pytest.fixture
def as_before():
    """Put the loggers back that a test sets up anew."""
    from django.conf import settings

    yield
    logging.config.dictConfig(settings.LOGGING)


@pytest.mark.parametrize("as_json", [False, True])
def test_the_web_server_writes_no_second_line_with_what_was_asked(as_before, capfd, as_json):
    """Its own line would hold the whole address and the page before."""
    from gunicorn.config import Config
    from gunicorn.glogging import Logger

    config = Config()
    config.set("logconfig_dict", logs.configuration(level="DEBUG", as_json=as_json))
    server = Logger(config)
    server.info("listening")
    server.access(
        SimpleNamespace(status="200 OK", sent=1, headers=[]),
        SimpleNamespace(headers=[("REFERER", LINK)]),
        {
            "REQUEST_METHOD": "GET",
            "RAW_URI": LINK,
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
        },
        timedelta(seconds=1),
    )
    said = capfd.readouterr()
    assert "listening" in said.err
    assert "join" not in said.out + said.err


def line(form, **more):
    record = logging.makeLogRecord(
        {"name": "x", "levelname": "INFO", "msg": "a\nb %s", "args": ("c",), **more}
    )
    logs.RequestId().filter(record)
    return form.format(record)


def test_both_forms_carry_the_request_and_stay_on_one_line():
    with under_request("caller-0001"):
        plain, told = line(logs.Line()), json.loads(line(logs.JsonLine()))
    assert plain.endswith("INFO x [caller-0001] a\\u000ab c")
    assert (told["request_id"], told["message"], told["level"]) == ("caller-0001", "a\nb c", "INFO")
    assert "\n" not in line(logs.JsonLine())
    assert json.loads(line(logs.JsonLine()))["request_id"] == "-"


def test_fields_stand_beside_the_message():
    told = json.loads(line(logs.JsonLine(), fields={"status": 200, "path": "/x/"}))
    assert (told["status"], told["path"]) == (200, "/x/")
