"""The template file of a kind: its headings and a few example rows."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import xlsxwriter

from apps.platform.core.layouts import FieldType
from apps.platform.uploads.hooks import UploadKind

DATED = datetime(
    2019, 1, 1, tzinfo=UTC
)  # in the file's properties: the same template has the same bytes


def template_csv(wanted: UploadKind) -> str:
    """Return a CSV with the kind's headings and example rows."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow(wanted.layout.headers)
    for example in wanted.layout.examples:
        writer.writerow([example.get(f.name, f.example) for f in wanted.layout.fields])
    return target.getvalue()


def template_xlsx(wanted: UploadKind) -> bytes:
    """Return a workbook: headings with notes, drop-downs for choices, example rows."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    book.set_properties({"created": DATED})
    sheet = book.add_worksheet(wanted.code[:31])
    head = book.add_format({"bold": True, "bg_color": "#E8EEF7", "border": 1})
    text = book.add_format({"num_format": "@"})
    for position, field in enumerate(wanted.layout.fields):
        sheet.write_string(0, position, field.header, head)
        sheet.write_comment(0, position, f"{field.help}\n{field.describes}\n{field.when_blank}")
        width = max(14, len(field.header) + 2)
        sheet.set_column(position, position, width, None if field.quantity else text)
        if field.type is FieldType.CHOICE and len(",".join(field.choices)) < 250:
            sheet.data_validation(
                1, position, 5000, position, {"validate": "list", "source": list(field.choices)}
            )
        for number, example in enumerate(wanted.layout.examples, start=1):
            sheet.write_string(number, position, example.get(field.name, field.example))
    sheet.freeze_panes(1, 0)
    book.close()
    return target.getvalue()
