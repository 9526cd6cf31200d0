"""Pure rules of uploads: typed columns from raw ones, and what differs between versions."""

from apps.platform.uploads.rules.blanked import blanked, read_as_zero, value_fields
from apps.platform.uploads.rules.columns import (
    MANY,
    MOST_PER_COLUMN,
    TypedColumns,
    defaulted,
    not_all_named,
    typed_columns,
    typed_frame,
)
from apps.platform.uploads.rules.comparison import Difference, compare, content_hash
from apps.platform.uploads.rules.cut_numbers import cut_numbers
from apps.platform.uploads.rules.footers import without_footers, without_headings
from apps.platform.uploads.rules.plausibility import (
    Limits,
    Measure,
    beyond,
    few,
    times,
    unlike,
    unlike_amount,
)
from apps.platform.uploads.rules.unlike_rows import (
    emptied,
    missing,
    turned,
    unlike_rows,
    unlike_the_day,
)

__all__ = [
    "MANY",
    "MOST_PER_COLUMN",
    "Difference",
    "Limits",
    "Measure",
    "TypedColumns",
    "beyond",
    "blanked",
    "compare",
    "content_hash",
    "cut_numbers",
    "defaulted",
    "emptied",
    "few",
    "missing",
    "not_all_named",
    "read_as_zero",
    "times",
    "turned",
    "typed_columns",
    "typed_frame",
    "unlike",
    "unlike_amount",
    "unlike_rows",
    "unlike_the_day",
    "value_fields",
    "without_footers",
    "without_headings",
]
