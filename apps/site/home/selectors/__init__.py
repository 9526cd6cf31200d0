"""What needs doing today, by role; whether everything is alive; what the schema is."""

from apps.site.home.selectors.life import (
    BEAT_LIMIT,
    DEMO_JOB,
    demo_job,
    health,
    last_seen,
    signs_of_life,
    worker_seen,
)
from apps.site.home.selectors.schema import other_schema, pending_migrations
from apps.site.home.selectors.today import (
    Todo,
    cases_waiting,
    latest_changes,
    latest_statements,
    recent_days,
    todos,
)

__all__ = [
    "BEAT_LIMIT",
    "DEMO_JOB",
    "Todo",
    "cases_waiting",
    "demo_job",
    "health",
    "last_seen",
    "latest_changes",
    "latest_statements",
    "other_schema",
    "pending_migrations",
    "recent_days",
    "signs_of_life",
    "todos",
    "worker_seen",
]
