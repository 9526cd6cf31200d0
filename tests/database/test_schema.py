"""The tables that migrations make are the ones the models speak of, whatever was rendered when."""

import pytest
from django.apps import apps
from django.db import connection

pytestmark = pytest.mark.django_db
MODELS = [
    m for m in apps.get_models(include_auto_created=True) if m._meta.managed and not m._meta.proxy
]


def described(cursor, table):
    """Return {column: nullable} and {constraint name: described} of a table."""
    columns = connection.introspection.get_table_description(cursor, table)
    return (
        {c.name: c.null_ok for c in columns},
        connection.introspection.get_constraints(cursor, table),
    )


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m._meta.label)
def test_a_table_has_the_columns_keys_and_constraints_of_its_model(model):
    with connection.cursor() as cursor:
        columns, constraints = described(cursor, model._meta.db_table)
    fields = [f for f in model._meta.local_concrete_fields if f.column]
    assert columns == {f.column: f.null for f in fields}
    keys = {tuple(c["columns"]): c["foreign_key"] for c in constraints.values() if c["foreign_key"]}
    assert keys == {
        (f.column,): (f.remote_field.model._meta.db_table, f.target_field.column)
        for f in fields
        if f.remote_field and f.db_constraint
    }
    named = [*model._meta.constraints, *model._meta.indexes]
    assert {c.name for c in named} <= set(constraints)
    single = {
        c["columns"][0] for c in constraints.values() if c["unique"] and len(c["columns"]) == 1
    }
    assert {f.column for f in fields if f.unique} <= single
