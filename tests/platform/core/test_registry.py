"""A registry takes entries of its type, once, while the product starts, and says where from."""

from pathlib import Path

import pytest

from apps.platform.core import registry as module
from apps.platform.core.registry import Registry, RegistryError, registries


@pytest.fixture
def numbers(monkeypatch):
    monkeypatch.setattr(module, "_REGISTRIES", {})
    return Registry("test.numbers", meaning="for this test", of=int, key=lambda n: f"n{n}")


def test_entries_stand_in_the_order_of_registration_under_their_keys(numbers):
    assert numbers.register(3, 1) == 3
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


def test_entries_are_added_for_a_while_in_place_of_those_with_their_keys(monkeypatch):
    monkeypatch.setattr(module, "_REGISTRIES", {})
    words = Registry("test.words", meaning="words", of=str, key=lambda word: word[0])
    words.register("beta", "alpha")
    words.seal()
    with words.added("bread", "corn"):
        assert list(words) == ["alpha", "bread", "corn"]
        assert [Path(e.file) for e in words.entries()] == [Path(__file__)] * 3
    assert list(words) == ["beta", "alpha"]
    assert words.is_sealed
    with pytest.raises(
        RegistryError, match=r"^test\.words has b already, from .*test_registry\.py:"
    ):
        words.register("bread")


def test_entries_stand_in_the_order_that_is_asked_for(monkeypatch):
    monkeypatch.setattr(module, "_REGISTRIES", {})
    words = Registry("test.words", meaning="words", of=str, key=len, order=lambda word: word)
    words.register("gamma", "beta")
    assert (list(words), words.keys()) == (["beta", "gamma"], [4, 5])


def test_a_registry_with_a_reason_stays_open_and_takes_the_line_above(monkeypatch):
    monkeypatch.setattr(module, "_REGISTRIES", {})
    late = Registry("test.late", meaning="late", of=int, key=str, open_because="some come late")

    def declare(number):
        return late.register(number, depth=2)

    module.seal_registries()
    declare(5)
    (entry,) = late.entries()
    assert (entry.value, late.is_sealed) == (5, False)
    assert "declare(5)" in Path(__file__).read_text().splitlines()[entry.line - 1]


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
        "tests.platform.core.test_registry.test_an_entry_tells_the_line_that_registered_it"
    ]
    with pytest.raises(RegistryError, match="holds 1 and is full"):
        one.register(print)
    with pytest.raises(RegistryError, match="something that can be called, not 3"):
        one.register(3)
