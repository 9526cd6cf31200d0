"""Reading by COPY: types, nulls, empties, nothing at all, and an error that leaves no mess."""

from __future__ import annotations

import polars as pl
import pytest
from django.db import OperationalError, connection, transaction

from apps.platform.audit.selectors import copied

pytestmark = pytest.mark.django_db
SCHEMA = {"n": pl.Int64, "t": pl.String}


def test_nulls_and_empty_texts_stay_apart_and_quotes_come_through():
    found = copied(
        "select * from (values (1, 'a,\"b\"'), (2, ''), (null, null)) as v(n, t)", SCHEMA
    )
    assert found.rows() == [(1, 'a,"b"'), (2, ""), (None, None)]


def test_no_row_is_an_empty_frame_of_the_same_types():
    found = copied("select 1 as n, 'x' as t where false", SCHEMA)
    assert found.schema == SCHEMA
    assert found.is_empty()


def test_an_error_is_told_and_the_connection_goes_on():
    with pytest.raises(OperationalError, match="does not exist"), transaction.atomic():
        copied("select nothing_of_the_kind", SCHEMA)
    with connection.cursor() as cursor:
        cursor.execute("select 7")
        assert cursor.fetchone() == (7,)
