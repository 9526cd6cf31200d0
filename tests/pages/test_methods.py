"""Every page refuses the methods it does not serve, before anything else is looked at."""

from __future__ import annotations

import inspect
from functools import partial

import pytest
from django.test import RequestFactory
from django.urls import Resolver404, resolve

from apps.platform.accounts.models import User
from apps.platform.ui.methods import Methods, served_by
from tests.pages.addresses import routes
from tests.pages.test_every_address import PART

PLAIN = {"day": "2024-09-04", "month": "2024-09", "period": "2024-09", "key": "x", "token": "x-y"}
ODD = ("PUT", "DELETE", "PATCH", "TRACE", "OPTIONS", "FOO")
TAKES_FORMS = (".POST", ".FILES", "posted(")


def address_of(route):
    """Return an address of a route; numbers where it takes some, else a word that fits."""
    for choice in ("activate", "cancel", "confirm", "approve", "csv", "atom"):
        path = PART.sub(lambda m, c=choice: value_of(m, c), route)
        path = "/" + path.replace("^", "").replace("$", "").replace("\\.", ".").replace("/?", "/")
        if resolves(path):
            return path
    raise AssertionError(route)


def value_of(match, choice):
    name = next(g for g in match.groups() if g)
    if match[0].startswith("<int:") or "\\d" in match[0]:
        return "1"
    return PLAIN.get(name, choice)


def resolves(path):
    try:
        return bool(resolve(path))
    except Resolver404:
        return False


def pages():
    """Yield route and view of every page."""
    for route in routes():
        if not route.startswith("api/"):
            yield route, resolve(address_of(route)).func


def test_every_page_refuses_methods_it_does_not_serve():
    ask, door = RequestFactory(), Methods(lambda request: None)
    seen = 0
    for route, view in pages():
        served = served_by(view)
        assert served, route
        for method in {*ODD, "GET", "HEAD", "POST"}:
            answer = door.process_view(ask.generic(method, address_of(route)), view, (), {})
            assert (answer is None) == (method in served), (route, method)
            if answer is not None:
                assert answer.status_code == 405
                assert set(answer["Allow"].split(", ")) == served
                seen += 1
    assert seen > 5_000


def test_what_reads_a_form_serves_it_and_nothing_else_does():
    for route, view in pages():
        function = view
        while isinstance(function, partial):
            function = function.func
        function = inspect.unwrap(function)
        if not function.__module__.startswith("apps.") or hasattr(view, "view_class"):
            continue
        if any(sign in inspect.getsource(function) for sign in TAKES_FORMS):
            assert "POST" in served_by(view), route


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", ["/", "/uploads/1/", "/users/", "/accounts/login/", "/health/live"]
)
def test_a_page_answers_405_whoever_asks(address, client):
    for method in ODD:
        answer = client.generic(method, address)
        assert answer.status_code == 405, method
        assert "GET" in answer["Allow"]
    assert client.head(address).status_code != 405


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/users/", "/users.csv", "/help/", "/runs/1/", "/search/"])
def test_a_page_that_takes_no_form_refuses_one(address, as_user):
    assert as_user("iso.admin").post(address, {"x": "1"}).status_code == 405


@pytest.mark.django_db
def test_every_operation_of_the_api_refuses_what_it_has_no_function_for(client):
    client.force_login(User.objects.get(username="iso.admin"))
    for route in routes():
        if route.startswith("api/"):
            answer = client.generic("TRACE", address_of(route))
            assert answer.status_code == 405, route
            assert answer["Allow"], route
