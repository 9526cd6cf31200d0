"""The id of a request, and what is taken out of a log."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.platform.core.redaction import HIDDEN, on_one_line, path_for_log, without_secrets
from apps.platform.core.request_ids import current_request_id, under_request, well_formed


@pytest.mark.parametrize("text", ["0123456789abcdef", "a-b_c.d-1", "A" * 64])
def test_an_id_of_letters_digits_and_dashes_is_well_formed(text):
    assert well_formed(text)


@pytest.mark.parametrize(
    "text",
    ["", "short", "A" * 65, "with a blank", "line\nfeed12", "quote'1234", "-begins", "ümlaut123"],
)
def test_anything_else_is_not(text):
    assert not well_formed(text)


def test_an_id_holds_as_long_as_the_work_and_the_one_before_comes_back():
    assert current_request_id() == ""
    with under_request("first-id"):
        with under_request("second-id"):
            assert current_request_id() == "second-id"
        with under_request(""):
            assert current_request_id() == "first-id"
    assert current_request_id() == ""


SECRET = "s3cret-V4lue_9x7"


@pytest.mark.parametrize(
    "text",
    [
        f"password={SECRET}",
        f"{{'password': '{SECRET}', 'user': 'ada'}}",
        f'"new_password1": "{SECRET}"',
        f"Authorization: Bearer {SECRET}",
        f"authorization=Basic {SECRET}",
        f"Bearer {SECRET}",
        f"api_key = {SECRET}",
        f"sessionid={SECRET}; csrftoken={SECRET}",
        f"Cookie: sessionid={SECRET}",
        f"smtp://mailer:{SECRET}@mail.example.org:587",
        f"GET /accounts/join/MQ/{SECRET}/",
        f"/accounts/password/reset/key/1-{SECRET}/",
        f"/calendar/{SECRET}.ics",
        f"rmr_{SECRET}",
        f"refresh_token: {SECRET}",
        f"DETAIL:  Failing row contains (7, {SECRET}, null).",
        f"DETAIL:  Key (name, mark)=(x, {SECRET}) already exists.",
        f"TypeError: bad value\n  password='{SECRET}'",
    ],
)
def test_a_secret_is_hidden_wherever_it_stands(text):
    told = without_secrets(text)
    assert SECRET not in told
    assert HIDDEN in told


@pytest.mark.parametrize(
    "text",
    [
        "Your roles do not include this page.",
        "the token has expired",
        "job 7 of kind export failed: KeyError: 'SUNSET_2_UNITS'",
        "POST /users/invite/ 302 12 ms user 4",
        "passwords do not match",
    ],
)
def test_what_is_no_secret_stays(text):
    assert without_secrets(text) == text


def test_secrets_of_the_site_are_hidden_and_short_words_are_not():
    assert without_secrets("x hunter2000 y", ["hunter2000"]) == f"x {HIDDEN} y"
    assert without_secrets("a day", ["a"]) == "a day"


def test_a_mistyped_link_is_hidden_in_a_path_and_plain_paths_are_not():
    assert path_for_log(f"/acounts/jion/MQ/c5v2bq-{'0a1b' * 8}/") == (f"/acounts/jion/MQ/{HIDDEN}/")
    for plain in ("/trade-dates/2024-09-04/", "/exceptional-dispatch-settlements/", "/runs/7/"):
        assert path_for_log(plain) == plain


@given(st.text())
def test_a_line_stays_one_line(text):
    assert len(on_one_line(text + "\n\u2028\u202e").splitlines()) <= 1 or not any(
        c in on_one_line(text) for c in "\n\r\x00\u2028\u202e"
    )
    assert "\n" not in on_one_line(text)


ROW = "Failing row contains ("


@pytest.mark.parametrize(
    "part",
    ["9", "a", "_", "a-", "token", "key=", "basic ", "x://", "://a:", "Key (", "rmr_", "' ", ROW],
)
def test_a_long_line_is_read_once(part):
    """GIVEN 100,000 signs of one kind, as an address may hold THEN they are read in a moment."""
    began = time.process_time()
    without_secrets(part * (100_000 // len(part)))
    assert time.process_time() - began < 1
