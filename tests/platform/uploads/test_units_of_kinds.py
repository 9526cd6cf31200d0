"""Units a thousand times off: every kind that holds amounts is asked about them, or refuses."""

from __future__ import annotations

from decimal import Decimal

import pytest

from apps.platform.core.layouts import FieldType
from apps.platform.uploads.hooks import UPLOAD_KINDS
from tests.platform.uploads.test_mutations import as_csv, right_row

pytestmark = [pytest.mark.django_db, pytest.mark.brq("BRQ-0105")]
OPTIONS = {"as_of": "2031-06-01", "ra_year": "2031"}


def scaled(kind, factor):
    """Return the row of a template with every amount so many times as large."""
    row = [
        str(Decimal(cell) * factor) if f.type is FieldType.DECIMAL and cell else cell
        for f, cell in zip(kind.layout.fields, right_row(kind.layout), strict=True)
    ]
    return as_csv(",")([kind.layout.headers, row])


@pytest.mark.parametrize("kind", [k for k in UPLOAD_KINDS if k.plausible], ids=lambda k: k.code)
def test_amounts_a_thousand_times_off_are_asked_about(kind, send, load):
    options = {o.name: OPTIONS[o.name] for o in kind.needed if o.name in OPTIONS}
    load(kind.code, scaled(kind, 1), sender="iso.admin", options=options)
    upload = send(kind.code, scaled(kind, 1000), sender="iso.admin", options=options)
    said = {v.code for v in upload.violations.all()}
    assert upload.state == "REFUSED" or said & kind.plausibility_codes, said
