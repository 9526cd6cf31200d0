"""Request, compute, seal, publish and chain runs; notice when a published day goes stale."""

from apps.runs.services.chaining import Broken, chained, digest_of, verify_chain
from apps.runs.services.running import (
    InvariantBroken,
    RunRefused,
    dataset_changed,
    days_changed,
    end_cancelled,
    execute,
    has_moved_on,
    lock_day,
    parameter_changed,
    publish,
    request,
    result_hash,
    words_to_type,
)

__all__ = [
    "Broken",
    "InvariantBroken",
    "RunRefused",
    "chained",
    "dataset_changed",
    "days_changed",
    "digest_of",
    "end_cancelled",
    "execute",
    "has_moved_on",
    "lock_day",
    "parameter_changed",
    "publish",
    "request",
    "result_hash",
    "verify_chain",
    "words_to_type",
]
