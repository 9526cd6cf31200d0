"""When a figure is an alarm, and how figures are written for Prometheus."""

from apps.site.operations.rules.alarms import ALARM_NAMES, alarms
from apps.site.operations.rules.exposition import exposition
from apps.site.operations.rules.families import families
from apps.site.operations.rules.tally import Tally
from apps.site.operations.rules.wording import connection_words, figure_lines

__all__ = [
    "ALARM_NAMES",
    "Tally",
    "alarms",
    "connection_words",
    "exposition",
    "families",
    "figure_lines",
]
