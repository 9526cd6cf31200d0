"""The view of RMR capacity by RA year bounds what is owed on the days rmr.smaller_pmax says."""

from __future__ import annotations

from importlib import import_module

from django.db import migrations

BEFORE = import_module("apps.reliability.designations.migrations.0004_owed_capacity_view").CREATE
DROP = "drop view designations_designatedcapacity;"
BOUND = "where a.resource_id = h.resource_id and a.valid @> p.day and a.pmax_mw <"
BOUNDED = (
    "where a.resource_id = h.resource_id and a.valid @> p.day and exists (select 1 from bounding b"
    " where b.valid @> p.day) and a.pmax_mw <"
)
STANDING = "), standing as ("
BOUNDING = """), bounding as (
  select valid from parameters_parametervalue
   where name = 'rmr.smaller_pmax' and text = 'BOUNDED' and upper_inf(known)
), standing as ("""
SPLIT = """  union select h.contract_no, unnest(array[lower(s.period), upper(s.period)])"""
AND_SPLIT = (
    """  union select h.contract_no, unnest(array[lower(b.valid), upper(b.valid)])
    from held h join bounding b on b.valid && daterange(h.first, h.until)
"""
    + SPLIT
)


def bounded() -> str:
    """Return the view with the days of the parameter in it."""
    found: str = BEFORE
    for old, new in ((BOUND, BOUNDED), (STANDING, BOUNDING), (SPLIT, AND_SPLIT)):
        if found.count(old) != 1:
            raise ValueError(f"The view does not say once: {old}")
        found = found.replace(old, new)
    return found


class Migration(migrations.Migration):
    dependencies = [
        ("designations", "0005_earlier_endings"),
        ("parameters", "0001_initial"),
    ]

    operations = [migrations.RunSQL(DROP + bounded(), DROP + BEFORE)]
