"""Every periodic task in one table, with the requirement it serves."""

from celery.schedules import crontab

BEAT_SCHEDULE = {
    # BRQ-1225, BRQ-1230: every day settle the trade dates that are ready or have become stale
    "settle-due-days": {
        "task": "apps.settlement.settlements.tasks.settle_due_days",
        "schedule": crontab(hour=6, minute=0),
        "options": {"queue": "calc"},
    },
    # BRQ-1203: each morning the placeholders whose figure did not come
    "lapse-placeholders": {
        "task": "apps.settlement.disputes.tasks.lapse_placeholders",
        "schedule": crontab(hour=0, minute=20),
        "options": {"queue": "calc"},
    },
    # BRQ-0001: each morning the retirements of 45 MW and more
    "daily-briefing": {
        "task": "apps.reliability.retirements.tasks.daily_briefing",
        "schedule": crontab(hour=7, minute=0),
        "options": {"queue": "calc"},
    },
    # BRQ-0100: each day the Master File
    "retrieve-master-file": {
        "task": "apps.reference.masterfile.tasks.retrieve_daily",
        "schedule": crontab(hour=4, minute=30),
        "options": {"queue": "calc"},
    },
    # BRQ-1210: each day the payload of the day
    "publish-payloads": {
        "task": "apps.reliability.designations.tasks.publish_payloads",
        "schedule": crontab(hour=5, minute=0),
        "options": {"queue": "calc"},
    },
    # BRQ-0076, BRQ-0080, BRQ-0097: each day the costs of the real-time and day-ahead trade dates
    "calculate-costs": {
        "task": "apps.bidding.costs.tasks.calculate_costs",
        "schedule": crontab(hour=8, minute=0),
        "options": {"queue": "calc"},
    },
    # BRQ-0520: each day after the day-ahead market closes
    "insert-day-ahead-bids": {
        "task": "apps.bidding.bids.tasks.insert_day_ahead",
        "schedule": crontab(hour=10, minute=2),
        "options": {"queue": "calc"},
    },
    # BRQ-0520: each hour after the real-time market of an hour closes
    "insert-real-time-bids": {
        "task": "apps.bidding.bids.tasks.insert_real_time",
        "schedule": crontab(minute=47),
        "options": {"queue": "calc"},
    },
    # BRQ-0076, BRQ-06a to 06e, BRQ-0700 to 0710: what the markets and settlements are told
    "publish-market-view": {
        "task": "apps.bidding.market_payloads.tasks.publish_market_view",
        "schedule": crontab(hour=10, minute=15),
        "options": {"queue": "calc"},
    },
    # BRQ-0330: reports that should have been posted
    "remind-of-cpm-reports": {
        "task": "apps.adequacy.cpm.tasks.remind_of_reports",
        "schedule": crontab(hour=7, minute=30),
        "options": {"queue": "calc"},
    },
    # BRQ-0216, BRQ-1215: each day the availability of the trade date before, and of days stale
    "calculate-availability": {
        "task": "apps.adequacy.availability.tasks.calculate_availability",
        "schedule": crontab(hour=9, minute=0),
        "options": {"queue": "calc"},
    },
    # what a destination did not take is sent again
    "deliver-market-payloads": {
        "task": "apps.bidding.market_payloads.tasks.deliver_waiting",
        "schedule": 300.0,
        "options": {"queue": "calc", "expires": 240},
    },
    # files of background exports are kept for a week
    "tidy-job-files": {
        "task": "apps.platform.jobs.tasks.tidy",
        "schedule": crontab(hour=3, minute=30),
        "options": {"queue": "calc"},
    },
    # BRQ-1201: each morning the invoices whose day has come, Wednesdays the weekly ones
    "issue-invoices": {
        "task": "apps.settlement.clearing.tasks.issue_invoices",
        "schedule": crontab(hour=8, minute=10),
        "options": {"queue": "calc"},
    },
    # BRQ-1402: each day the liability of every SC, with warnings and calls for collateral
    "measure-liabilities": {
        "task": "apps.settlement.clearing.tasks.measure_liabilities",
        "schedule": crontab(hour=11, minute=0),
        "options": {"queue": "calc"},
    },
    # tells the health page that beat, the queue and a worker are alive
    "heartbeat": {
        "task": "apps.site.home.tasks.heartbeat",
        "schedule": 30.0,
        "options": {"queue": "calc", "expires": 25},
    },
}
