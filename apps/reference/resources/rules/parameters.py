"""Parameters about resources: declared here, valued in the database."""

from apps.platform.core.effective import parameter

NEW_TARIFF_CUTOFF = parameter("rmr.new_tariff_cutoff")
LEGACY_LABEL_FROM = parameter("rmr.legacy_label_from")
