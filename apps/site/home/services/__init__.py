"""Load reference data and the demo; make an ISO-size day; note signs of life."""

from apps.site.home.services.backing_up import (
    BackupTrouble,
    Restored,
    back_up,
    elsewhere,
    restore,
)
from apps.site.home.services.backup_records import note_backup, note_proof
from apps.site.home.services.demo_adequacy import load_demo_adequacy
from apps.site.home.services.demo_cases import load_demo_cases
from apps.site.home.services.demo_clearing import load_demo_clearing
from apps.site.home.services.demo_costs import load_demo_costs
from apps.site.home.services.demo_settling import DEMO_DAYS, demo_waits, settle_demo
from apps.site.home.services.large_day import LargeDay, large_day, load_large_day
from apps.site.home.services.loading import (
    DEMO,
    beat,
    demo_sign_ins,
    load_demo_files,
    load_demo_people,
    load_reference,
)
from apps.site.home.services.preparing import OtherSchema, check_schema

__all__ = [
    "DEMO",
    "DEMO_DAYS",
    "BackupTrouble",
    "LargeDay",
    "OtherSchema",
    "Restored",
    "back_up",
    "beat",
    "check_schema",
    "demo_sign_ins",
    "demo_waits",
    "elsewhere",
    "large_day",
    "load_demo_adequacy",
    "load_demo_cases",
    "load_demo_clearing",
    "load_demo_costs",
    "load_demo_files",
    "load_demo_people",
    "load_large_day",
    "load_reference",
    "note_backup",
    "note_proof",
    "restore",
    "settle_demo",
]
