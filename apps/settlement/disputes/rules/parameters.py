"""Parameters of disputes: declared here, valued in the database."""

from apps.platform.core.effective import parameter

OPTIONAL_DAYS = parameter("disputes.optional_days")
PLACEHOLDER_DAYS = parameter("disputes.placeholder_days")
