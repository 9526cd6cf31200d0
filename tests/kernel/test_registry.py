"""A registry takes entries of its type, once, while the product starts, and says where from."""

from pathlib import Path

import pytest

from apps.platform.kernel import registry as module
from apps.platform.kernel.registry import Registry, RegistryError, registries


@pytest.fixture
def numbers(monkeypatch):
    monkeypatch.setattr(module, "_REGISTRIES", {})
    return Registry("test.numbers", meaning="for this test", of=int, key=lambda n: f"n{n}")


def test_entries_stand_in_the_order_of_registration_under_their_keys(numbers):
    numbers.register(3, 1)
    numbers.register(7, key="seven")
    assert (list(numbers), numbers.keys(), len(numbers)) == ([3, 1, 7], ["n3", "n1", "seven"], 3)
    assert (numbers["n1"], numbers.get("n2"), "seven" in numbers) == (1, None, True)


def test_an_entry_tells_the_line_that_registered_it(numbers):
    numbers.register(3)
    (entry,) = numbers.entries()
    assert Path(entry.file) == Path(__file__)
    assert "numbers.register(3)" in Path(__file__).read_text().splitlines()[entry.line - 1]


@pytest.mark.parametrize(
    ("value", "words"),
    [("3", r"test\.numbers takes int, not '3'"), (3, r"test\.numbers has n3 already, from")],
)
def test_another_type_and_a_second_one_are_refused(numbers, value, words):
    numbers.register(3)
    with pytest.raises(RegistryError, match=words):
        numbers.register(value)
    assert list(numbers) == [3]


def test_nothing_is_taken_after_sealing(numbers):
    module.seal_registries()
    with pytest.raises(RegistryError, match="sealed"):
        numbers.register(3)
    with numbers.replaced(4):
        assert list(numbers) == [4]
    assert list(numbers) == []
    with pytest.raises(RegistryError, match="sealed"):
        numbers.register(3)


def test_a_name_is_taken_once_and_listed(numbers):
    other = Registry("test.first", meaning="callables", limit=1)
    with pytest.raises(RegistryError, match="already"):
        Registry("test.numbers", meaning="again")
    assert registries() == [other, numbers]


def test_a_registry_of_one_refuses_the_second(monkeypatch):
    monkeypatch.setattr(module, "_REGISTRIES", {})
    one = Registry("test.one", meaning="callables", limit=1)
    assert one.only() is None
    one.register(test_an_entry_tells_the_line_that_registered_it)
    assert one.only() is test_an_entry_tells_the_line_that_registered_it
    assert one.keys() == [
        "tests.kernel.test_registry.test_an_entry_tells_the_line_that_registered_it"
    ]
    with pytest.raises(RegistryError, match="holds 1 and is full"):
        one.register(print)
    with pytest.raises(RegistryError, match="something that can be called, not 3"):
        one.register(3)
