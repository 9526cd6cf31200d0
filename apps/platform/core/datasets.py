"""Names of the datasets that runs read and uploads write."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Dataset:
    """A named body of input. ``period`` says what one version of it covers.

    period: ``trade_date`` (one version a day), ``month``, ``ra_year``, ``ra_period`` (a year, or
    one of its months), ``as_of`` or ``all``.
    """

    name: str
    title: str
    period: str
