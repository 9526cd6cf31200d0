"""Raw text columns become typed ones, whole columns at a time; what does not fit is a violation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import polars as pl

from apps.platform.core.layouts import Field, FieldType, FileLayout
from apps.platform.core.numbers import COMMA_SENTENCE, NUMBER_PATTERN, hint
from apps.platform.core.unseen import CODE, CODE_PATTERN, TURNING, TURNING_PATTERN, sign_of
from apps.platform.core.violations import Violation, Violations
from apps.platform.uploads.rules.error_cells import error_cells, error_sentence

MOST_PER_COLUMN = 20_000
# once so many cells are named, of each further column only the first few are
MOST_IN_ALL, FEW_PER_COLUMN = 20_000, 1_000
US_DATE = r"^[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}$"
ISO_DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
REPEATING = {FieldType.INTEGER, FieldType.DATE, FieldType.INSTANT, FieldType.LOCAL}
MOST_DECIMALS = 12
# the code of a violation that says how many rows of a column are wrong, where not all are named
MANY = "UP-MANY"
MIDNIGHT = r"[T ]00:00(:00(\.0+)?)?$"


@dataclass(frozen=True)
class TypedColumns:
    """Typed columns, what is wrong with their cells, and by row whether anything is.

    ``wrong`` tells of every row; of violations only the first of a column are kept.
    """

    frame: pl.DataFrame
    violations: list[Violation]
    wrong: pl.Series


def typed_frame(raw: pl.DataFrame, layout: FileLayout) -> tuple[pl.DataFrame, list[Violation]]:
    """Return typed columns of a frame of texts, with violations, as ``typed_columns`` does."""
    typed = typed_columns(raw, layout)
    return typed.frame, typed.violations


def typed_columns(
    raw: pl.DataFrame, layout: FileLayout, column_done: Callable[[int, str], None] | None = None
) -> TypedColumns:
    """Return typed columns of a frame of texts, with violations by row and column.

    raw: ``line_no`` and one text column per field name, missing ones null. Decimals come back as
    whole numbers scaled by their quantity, dates as dates, instants in UTC. A cell that does not
    fit is null in the result and has a violation, or is one of those that a violation of the whole
    column counts; nothing is rounded.
    """
    violations = Violations()
    wrong = pl.repeat(False, raw.height, dtype=pl.Boolean, eager=True)
    typed: dict[str, pl.Series] = {"line_no": raw["line_no"]}
    for number, field in enumerate(layout.fields, start=1):
        cells = raw[field.name]
        if field.blanks:
            cells = pl.select(
                pl.when(cells.is_in(field.blanks)).then(None).otherwise(cells)
            ).to_series()
        failed = error_cells(cells)
        _collect_failed(violations, raw, cells, failed, field)
        cells = pl.select(pl.when(~failed).then(cells)).to_series()
        if field.default is not None:
            cells = cells.fill_null(field.default)
        values, bad = _convert(cells, field)
        wrong = wrong | failed | _collect(violations, raw, cells, bad, field, failed)
        typed[field.name] = values
        if column_done is not None:
            column_done(number, field.header)
    frame = pl.DataFrame(typed)
    again = _duplicates(frame, layout, violations)
    return TypedColumns(frame, violations.rows, wrong | frame["line_no"].is_in(again.implode()))


# what to say by code, once for all cells or of each, and which cells it is said of
Bad = dict[str, tuple[str | Callable[[str], str], pl.Series]]


@dataclass(frozen=True)
class Defaulted:
    """A column whose blank cells are read as its default: heading, default, how many of them."""

    column: str
    value: str
    cells: int


def defaulted(raw: pl.DataFrame, layout: FileLayout) -> list[Defaulted]:
    """Return the columns in which blank cells are read as a value, and how many cells.

    raw: as for ``typed_frame``. A text that may be blank is no value.
    """
    found = []
    for field in layout.fields:
        if field.default:
            blank = int((raw[field.name].is_null() | raw[field.name].is_in(field.blanks)).sum())
            found += [Defaulted(field.header, field.default, blank)] if blank else []
    return found


def _collect_failed(
    violations: Violations, raw: pl.DataFrame, cells: pl.Series, failed: pl.Series, field: Field
) -> None:
    if not failed.any():
        return
    wrong = pl.DataFrame({"line": raw["line_no"], "cell": cells}).filter(failed)
    for line, cell in wrong.head(_named(violations, field, wrong.height)).iter_rows():
        violations.add(
            "UP-CELL",
            error_sentence(field.header, cell),
            line=line,
            column=field.header,
            value=cell,
        )


def _collect(
    violations: Violations,
    raw: pl.DataFrame,
    cells: pl.Series,
    bad: Bad,
    field: Field,
    failed: pl.Series,
) -> pl.Series:
    """Collect what is wrong with the cells of a column; return by row whether anything is."""
    found = pl.repeat(False, raw.height, dtype=pl.Boolean, eager=True)
    if field.required and cells.null_count():
        found = cells.is_null() & ~failed
        missing = raw.filter(found)["line_no"]
        for line in missing.head(_named(violations, field, missing.len())):
            violations.add(
                "UP-EMPTY", f"{field.header} must be filled in.", line=line, column=field.header
            )
    for code, (message, mask) in bad.items():
        if not mask.any():
            continue
        found = found | mask
        wrong = pl.DataFrame({"line": raw["line_no"], "cell": cells}).filter(mask)
        for line, cell in wrong.head(_named(violations, field, wrong.height)).iter_rows():
            said = message if isinstance(message, str) else message(cell or "")
            violations.add(code, said, line=line, column=field.header, value=cell or "")
    return found.fill_null(True)


def _named(violations: Violations, field: Field, count: int) -> int:
    """Return how many wrong rows of a column are named; say of the file where not all are."""
    most = MOST_PER_COLUMN if len(violations) < MOST_IN_ALL else FEW_PER_COLUMN
    violations.extend(not_all_named(field.header, count, most))
    return most


def not_all_named(header: str, count: int, most: int = MOST_PER_COLUMN) -> list[Violation]:
    """Return the violation that counts the wrong rows of a column, where not all are named."""
    if count <= most:
        return []
    said = f"{header} is wrong in {count:,} rows; the first {most:,} are named."
    return [Violation(MANY, said, column=header)]


def _convert(cells: pl.Series, field: Field) -> tuple[pl.Series, Bad]:
    converters = {
        FieldType.TEXT: _text,
        FieldType.CHOICE: _choice,
        FieldType.DECIMAL: _decimal,
        FieldType.INTEGER: _integer,
        FieldType.DATE: _date,
        FieldType.INSTANT: _instant,
        FieldType.LOCAL: _local,
    }
    convert = converters[field.type]
    return _by_value(cells, field, convert) if field.type in REPEATING else convert(cells, field)


def _by_value(
    cells: pl.Series, field: Field, convert: Callable[[pl.Series, Field], tuple[pl.Series, Bad]]
) -> tuple[pl.Series, Bad]:
    """Convert each different text once: a file says the same dates and hours over and over."""
    texts = cells.unique()
    if 4 * texts.len() > cells.len():
        return convert(cells, field)
    values, bad = convert(texts, field)
    masks = {code: mask for code, (_, mask) in bad.items() if mask.any()}
    table = pl.DataFrame({"text": texts, "value": values} | masks)
    found = pl.DataFrame({"text": cells}).join(
        table, on="text", how="left", nulls_equal=True, maintain_order="left"
    )
    return found["value"], {code: (bad[code][0], found[code]) for code in masks}


def _text(cells: pl.Series, field: Field) -> tuple[pl.Series, Bad]:
    long = (cells.str.len_chars() > field.max_length).fill_null(False)
    odd = cells.str.contains(f"{TURNING_PATTERN}|{CODE_PATTERN}").fill_null(False)
    return cells, {
        "UP-LONG": (f"{field.header} holds at most {field.max_length} characters.", long),
        "UP-CONTROL": (partial(_turning, field.header), odd),
    }


def _turning(header: str, cell: str) -> str:
    turning, code = TURNING.search(cell), CODE.search(cell)
    sign = sign_of(turning[0]) if turning else code[0] if code else "one"
    return f"{header} holds characters that control or turn text, such as {sign}. Type it anew."


def _choice(cells: pl.Series, field: Field) -> tuple[pl.Series, Bad]:
    upper = cells.str.to_uppercase()
    by_upper = {choice.upper(): choice for choice in field.choices}
    by_upper |= {other.upper(): choice for other, choice in field.synonyms}
    values = upper.replace_strict(by_upper, default=None, return_dtype=pl.String)
    wrong = cells.is_not_null() & values.is_null()
    return values, {
        field.code or "UP-CHOICE": (
            f"{field.header} must be one of {', '.join(field.choices)}.",
            wrong,
        )
    }


def _decimal(cells: pl.Series, field: Field) -> tuple[pl.Series, Bad]:
    places = field.decimals
    allowed = field.places if field.places is not None else places
    if max(places, allowed) > MOST_DECIMALS:
        raise ValueError(f"{field.header} cannot hold more than {MOST_DECIMALS} decimals")
    clear = cells.str.contains(f"^(?:{NUMBER_PATTERN})$").fill_null(False)
    comma = ~clear & cells.str.contains(",", literal=True).fill_null(False)
    plain = cells.str.replace_all(r"[$,]", "")
    shaped = clear & plain.str.contains(r"^[+-]?[0-9]{0,12}(\.|$)")
    fine = plain.str.contains(rf"\.[0-9]{{{allowed}}}[0-9]*[1-9]").fill_null(False) & shaped
    # twelve digits before the point and twelve after it: exact in a decimal of this size
    exact = (
        pl.DataFrame({"cell": plain, "ok": shaped & ~fine})
        .select(pl.when("ok").then("cell").cast(pl.Decimal(38, MOST_DECIMALS), strict=False))
        .to_series()
    )
    signed = (exact * 10**places).cast(pl.Int64, strict=False)
    scale = 10**places
    bad: Bad = {
        "UP-NUMBER": (
            partial(_no_number, field.header),
            cells.is_not_null() & ~shaped & ~comma,
        ),
        "UP-COMMA": (f"{field.header} is not a clear number: {COMMA_SENTENCE}.", comma),
        "UP-DECIMALS": (f"{field.header} holds at most {allowed} decimals.", fine),
    }
    bad |= _bounds(signed, field, scale)
    return signed, bad


def _no_number(header: str, cell: str) -> str:
    told = hint(cell)
    return f"{header} must be a number such as 12.5 or 12,450.00{'; ' + told if told else ''}."


def _bounds(values: pl.Series, field: Field, scale: int) -> Bad:
    bad: Bad = {}
    if field.minimum is not None:
        bad["UP-LOW"] = (
            f"{field.header} must not be below {field.minimum}.",
            (values < field.minimum * scale).fill_null(False),
        )
    if field.maximum is not None:
        bad["UP-HIGH"] = (
            f"{field.header} must not be above {field.maximum}.",
            (values > field.maximum * scale).fill_null(False),
        )
    return bad


def _integer(cells: pl.Series, field: Field) -> tuple[pl.Series, Bad]:
    if field.synonyms:
        said = {other.upper(): number for other, number in field.synonyms}
        cells = cells.str.to_uppercase().replace(said)
    shaped = cells.str.contains(r"^[+-]?[0-9]{1,9}(\.0+)?$").fill_null(False)
    values = cells.str.replace(r"\.0+$", "").cast(pl.Int64, strict=False)
    values = (
        pl.DataFrame({"v": values, "ok": shaped})
        .select(pl.when(pl.col("ok")).then(pl.col("v")))
        .to_series()
    )
    bad: Bad = {
        "UP-WHOLE": (f"{field.header} must be a whole number.", cells.is_not_null() & ~shaped)
    }
    bad |= _bounds(values, field, 1)
    return values, bad


def _date(cells: pl.Series, field: Field) -> tuple[pl.Series, Bad]:
    plain = cells.str.replace(MIDNIGHT, "")
    values = (
        pl.DataFrame({"c": plain})
        .select(
            pl.when(pl.col("c").str.contains(ISO_DATE))
            .then(pl.col("c").str.to_date("%Y-%m-%d", strict=False))
            .when(pl.col("c").str.contains(US_DATE))
            .then(pl.col("c").str.to_date("%m/%d/%Y", strict=False))
        )
        .to_series()
    )
    far = ~values.dt.year().is_between(1800, 2199).fill_null(True)
    return values, {
        "UP-DATE": (
            f"{field.header} must be a day that there is, written YYYY-MM-DD.",
            cells.is_not_null() & values.is_null(),
        ),
        "UP-DATE-RANGE": (f"{field.header} must lie between 1800 and 2199.", far),
    }


def _instant(cells: pl.Series, field: Field) -> tuple[pl.Series, Bad]:
    plain = cells.str.replace(" ", "T").str.replace(r"([+-]00:?00|Z)$", "")
    values = (
        pl.DataFrame({"c": plain})
        .select(
            pl.coalesce(
                pl.col("c").str.to_datetime("%Y-%m-%dT%H:%M:%S", strict=False),
                pl.col("c").str.to_datetime("%Y-%m-%dT%H:%M", strict=False),
            ).dt.replace_time_zone("UTC")
        )
        .to_series()
    )
    far = ~values.dt.year().is_between(1800, 2199).fill_null(True)
    return values, {
        "UP-DATE-RANGE": (f"{field.header} must lie between 1800 and 2199.", far),
        "UP-INSTANT": (
            f"{field.header} must be a time in UTC written YYYY-MM-DD HH:MM:SS+00:00.",
            cells.is_not_null() & values.is_null(),
        ),
    }


LOCAL_FORMATS = (
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%m/%d/%Y %H:%M:%S",
    "%m/%d/%Y %H:%M",
    "%m/%d/%Y %I:%M:%S %p",
    "%m/%d/%Y %I:%M %p",
)


def _local(cells: pl.Series, field: Field) -> tuple[pl.Series, Bad]:
    """Read wall-clock times as printed; whoever knows the clock makes moments of them."""
    plain = cells.str.replace("T", " ").str.replace(r"\.0+$", "")
    values = (
        pl.DataFrame({"c": plain})
        .select(pl.coalesce(pl.col("c").str.to_datetime(f, strict=False) for f in LOCAL_FORMATS))
        .to_series()
    )
    far = ~values.dt.year().is_between(1800, 2199).fill_null(True)
    return values, {
        "UP-DATE-RANGE": (f"{field.header} must lie between 1800 and 2199.", far),
        "UP-LOCAL": (
            f"{field.header} must be a Pacific time written YYYY-MM-DD HH:MM.",
            cells.is_not_null() & values.is_null(),
        ),
    }


def _duplicates(frame: pl.DataFrame, layout: FileLayout, violations: Violations) -> pl.Series:
    """Collect rows whose key stands above; return their row numbers."""
    key = list(layout.key)
    if not key or not layout.unique or frame.is_empty():
        return pl.Series([], dtype=pl.Int64)
    known = frame.drop_nulls([k for k in key if layout.field(k).required])
    again = known.filter(~pl.struct(key).is_first_distinct())
    headers = ", ".join(layout.field(k).header for k in key)
    for line in again["line_no"].head(_named(violations, layout.field(key[0]), again.height)):
        violations.add(
            layout.double_code,
            f"Another row above has the same {headers}.",
            line=line,
            column=layout.field(key[0]).header,
        )
    return again["line_no"]
