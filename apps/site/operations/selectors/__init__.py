"""The figures of the running system, from the shared database and the machine."""

from apps.site.operations.selectors.figures import limits, system_figures
from apps.site.operations.selectors.processes import web_processes

__all__ = ["limits", "system_figures", "web_processes"]
