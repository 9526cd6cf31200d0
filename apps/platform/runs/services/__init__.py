"""Request, compute, seal, publish and chain runs; notice when a published day goes stale."""

from apps.platform.runs.services.chaining import Broken, chained, digest_of, verify_chain
from apps.platform.runs.services.held import (
    counted_holds,
    held_until,
    held_words,
    lacking_reasons,
    without_amount,
)
from apps.platform.runs.services.moving import has_moved_on, what_moved_on, what_moved_over
from apps.platform.runs.services.outdating import MOST_DAYS, Outdated, outdated_at
from apps.platform.runs.services.running import (
    InvariantBroken,
    RunRefused,
    end_cancelled,
    end_unsealed,
    execute,
    lock_day,
    publish,
    recomputed_hash,
    request,
    result_hash,
    words_to_type,
)
from apps.platform.runs.services.staleness import (
    corrected,
    dataset_changed,
    days_changed,
    parameter_changed,
)

__all__ = [
    "MOST_DAYS",
    "Broken",
    "InvariantBroken",
    "Outdated",
    "RunRefused",
    "chained",
    "corrected",
    "counted_holds",
    "dataset_changed",
    "days_changed",
    "digest_of",
    "end_cancelled",
    "end_unsealed",
    "execute",
    "has_moved_on",
    "held_until",
    "held_words",
    "lacking_reasons",
    "lock_day",
    "outdated_at",
    "parameter_changed",
    "publish",
    "recomputed_hash",
    "request",
    "result_hash",
    "verify_chain",
    "what_moved_on",
    "what_moved_over",
    "without_amount",
    "words_to_type",
]
