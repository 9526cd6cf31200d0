"""Names of the datasets that runs read and uploads write."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Dataset:
    """A named body of input. ``period`` says what one version of it covers.

    period: ``trade_date`` (one version a day), ``ra_year``, ``as_of`` or ``all``.
    """

    name: str
    title: str
    period: str
