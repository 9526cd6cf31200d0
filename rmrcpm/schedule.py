"""Every periodic task in one table, with the requirement it serves."""

from celery.schedules import crontab

BEAT_SCHEDULE = {
    # BRQ-1225, BRQ-1230: every day settle the trade dates that are ready or have become stale
    "settle-due-days": {
        "task": "apps.settlements.tasks.settle_due_days",
        "schedule": crontab(hour=6, minute=0),
        "options": {"queue": "calc"},
    },
    # BRQ-0001: each morning the retirements of 45 MW and more
    "daily-briefing": {
        "task": "apps.retirements.tasks.daily_briefing",
        "schedule": crontab(hour=7, minute=0),
        "options": {"queue": "calc"},
    },
    # BRQ-0100: each day the Master File
    "retrieve-master-file": {
        "task": "apps.masterfile.tasks.retrieve_daily",
        "schedule": crontab(hour=4, minute=30),
        "options": {"queue": "calc"},
    },
    # BRQ-1210: each day the payload of the day
    "publish-payloads": {
        "task": "apps.designations.tasks.publish_payloads",
        "schedule": crontab(hour=5, minute=0),
        "options": {"queue": "calc"},
    },
    # a message lost with a machine is sent again
    "hand-over-silent-jobs": {
        "task": "apps.jobs.tasks.hand_over_silent",
        "schedule": 60.0,
        "options": {"queue": "calc", "expires": 50},
    },
    # files of background exports are kept for a week
    "tidy-job-files": {
        "task": "apps.jobs.tasks.tidy",
        "schedule": crontab(hour=3, minute=30),
        "options": {"queue": "calc"},
    },
    # tells the health page that beat, the queue and a worker are alive
    "heartbeat": {
        "task": "apps.home.tasks.heartbeat",
        "schedule": 30.0,
        "options": {"queue": "calc", "expires": 25},
    },
}
