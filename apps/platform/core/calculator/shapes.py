"""The fields of a model as JSON Schema for machines and as lines of a table for people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema


class WithoutTitles(GenerateJsonSchema):
    """JSON Schema without the titles that would only repeat the names of fields."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        """Set no title."""
        return False


@dataclass(frozen=True)
class Port:
    """One named input or output of a calculator, with its shape, unit and meaning."""

    name: str
    shape: str
    unit: str
    meaning: str


def schema_of(model: type[BaseModel]) -> dict[str, Any]:
    """Return the JSON Schema of a model, complete in itself."""
    whole = model.model_json_schema(by_alias=True, schema_generator=WithoutTitles)
    found: dict[str, Any] = _inlined(whole, whole.get("$defs", {}))
    return found


def ports_of(model: type[BaseModel]) -> tuple[Port, ...]:
    """Return the fields of a model for people."""
    return tuple(
        Port(name, shape_of(field), field.get("x-unit", ""), field.get("description", ""))
        for name, field in schema_of(model).get("properties", {}).items()
    )


def shape_of(schema: Mapping[str, Any], *, many: bool = False) -> str:
    """Write the shape of a value: ``date``, ``list of {sc, mwh}``, ``object of dates``."""
    if "anyOf" in schema:
        first, *others = schema["anyOf"]
        return " or ".join([shape_of(first, many=many), *(shape_of(o) for o in others)])
    if "enum" in schema:
        *most, last = schema["enum"]
        return f"{', '.join(most)} or {last}" if most else str(last)
    if schema.get("type") == "array":
        return f"list{'s' * many} of {shape_of(schema['items'], many=True)}"
    if "properties" in schema:
        return "{" + ", ".join(schema["properties"]) + "}"
    if "additionalProperties" in schema:
        return f"object{'s' * many} of {shape_of(schema['additionalProperties'], many=True)}"
    return _plain(schema, many)


def _plain(schema: Mapping[str, Any], many: bool) -> str:
    kind = schema.get("x-shape") or {
        ("string", "decimal"): "decimal string",
        ("string", "date"): "date",
        ("string", None): "text",
        ("integer", None): "whole number",
        ("boolean", None): "true or false",
        ("null", None): "null",
    }.get((schema.get("type", ""), schema.get("format")), "value")
    plural = "s" if many and not schema.get("x-shape") and kind != "true or false" else ""
    limits = schema.get("x-limits", "")
    if "minimum" in schema:
        limits = f"{schema['minimum']} to {schema['maximum']}"
    return f"{kind}{plural}, {limits}" if limits else f"{kind}{plural}"


def _inlined(node: Any, parts: Mapping[str, Any]) -> Any:
    if isinstance(node, list):
        return [_inlined(one, parts) for one in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        target = parts[node["$ref"].rsplit("/", 1)[-1]]
        return _inlined({**target, **{k: v for k, v in node.items() if k != "$ref"}}, parts)
    return {name: _inlined(value, parts) for name, value in node.items() if name != "$defs"}
