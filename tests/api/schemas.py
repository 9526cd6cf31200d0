"""The described answers of the API: walked, and made strict."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

ANNOTATIONS = {"description", "title", "nullable", "readOnly", "default", "example"}


def answers(described: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Return operation, status and schema of each JSON answer that is no problem."""
    for methods in described["paths"].values():
        for operation in methods.values():
            for status, answer in operation["responses"].items():
                for media, said in answer.get("content", {}).items():
                    if media == "application/json":
                        yield operation["operationId"], status, said.get("schema", {})


def free_parts(described: dict[str, Any], schema: dict[str, Any]) -> set[str]:
    """Return where in a schema anything goes: by component and property, or '' for the whole."""
    found: set[str] = set()
    _look(described["components"]["schemas"], schema, "", frozenset(), found)
    return found


def _look(
    shapes: dict[str, Any], schema: Any, at: str, seen: frozenset[str], found: set[str]
) -> None:
    if schema is True or set(schema) <= ANNOTATIONS:
        found.add(at)
        return
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        if name not in seen:
            _look(shapes, shapes[name], name, seen | {name}, found)
        return
    if _is_free(schema):
        found.add(at)
    for name, part in schema.get("properties", {}).items():
        _look(shapes, part, f"{at}.{name}", seen, found)
    for part in _parts(schema):
        _look(shapes, part, at, seen, found)


def _is_free(schema: dict[str, Any]) -> bool:
    if schema.get("type") == "object":
        return not schema.get("properties") and "additionalProperties" not in schema
    return schema.get("type") == "array" and "items" not in schema


def _parts(schema: dict[str, Any]) -> Iterator[Any]:
    for word in ("additionalProperties", "items"):
        if word in schema and schema[word] is not False:
            yield schema[word]
    for word in ("allOf", "anyOf", "oneOf"):
        yield from schema.get(word, ())


def strict(described: dict[str, Any]) -> dict[str, Any]:
    """Return a description whose answers may hold nothing that it does not name.

    What is sent is left as it is: only the shapes that answers are made of are closed.
    """
    closed = copy.deepcopy(described)
    shapes = closed["components"]["schemas"]
    reached: set[str] = set()
    for _, _, schema in answers(closed):
        _close(shapes, schema, reached)
    return closed


def _close(shapes: dict[str, Any], schema: Any, reached: set[str]) -> None:
    if isinstance(schema, list):
        for part in schema:
            _close(shapes, part, reached)
    if not isinstance(schema, dict):
        return
    name = str(schema.get("$ref", "")).rsplit("/", 1)[-1]
    if name and name not in reached:
        reached.add(name)
        _close(shapes, shapes[name], reached)
    if schema.get("properties"):
        schema.setdefault("additionalProperties", False)
    for part in schema.values():
        _close(shapes, part, reached)
