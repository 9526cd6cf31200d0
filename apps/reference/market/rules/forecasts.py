"""OASIS publishes forecasts and actual load in one layout; a forecast is no actual load."""

from __future__ import annotations

import polars as pl

from apps.platform.core.violations import Violation

ACTUAL = "ACTUAL"
RUNS = {
    "DAM": "the day-ahead forecast",
    "2DA": "the forecast two days ahead",
    "7DA": "the forecast seven days ahead",
    "RTM": "a real-time forecast",
    "RTPD": "a real-time forecast",
    "HASP": "an hour-ahead forecast",
}


def check_actual(frame: pl.DataFrame) -> list[Violation]:
    """Refuse rows that their run, item or label calls a forecast.

    frame: ``line_no``, ``market_run_id``, ``execution_type``, ``xml_data_item`` and ``label``,
    blank where a file does not say. The first of them that says otherwise is named.
    """
    found = []
    columns = ("market_run_id", "execution_type", "xml_data_item", "label")
    headers = ("MARKET_RUN_ID", "EXECUTION_TYPE", "XML_DATA_ITEM", "LABEL")
    rows = frame.select("line_no", *(pl.col(c).str.strip_chars().alias(c) for c in columns))
    run, kind, item, label = (pl.col(c).fill_null("").str.to_uppercase() for c in columns)
    other = pl.concat_list(
        ~run.is_in(["", ACTUAL]),
        ~kind.is_in(["", ACTUAL]),
        item.str.contains("FCST") & ~item.str.contains("_ACT"),
        label.str.contains("FORECAST"),
    )
    wrong = rows.with_columns(other.alias("says")).filter(pl.col("says").list.any())
    for row in wrong.iter_rows(named=True):
        place = row["says"].index(True)
        text = str(row[columns[place]])
        what = RUNS.get(text.upper(), "a forecast")
        found.append(
            Violation(
                "MKT-FORECAST",
                f"{headers[place]} {text} is {what}, not actual load, and never replaces it. Send "
                "the rows whose MARKET_RUN_ID is ACTUAL.",
                row["line_no"],
                headers[place],
                value=text,
            )
        )
    return found
