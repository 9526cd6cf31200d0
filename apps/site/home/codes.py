"""Names of events about backups."""

BACKUP_MADE = "home.backup.made"
BACKUP_PROVED = "home.backup.proved"
