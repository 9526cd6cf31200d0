"""Start-up of documents."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Papers that belong to cases: affidavits, orders, studies, invoices."""

    name = "apps.platform.documents"

    def ready(self) -> None:
        from apps.platform.documents import screens
        from apps.platform.ui.workflow import PAPERS

        PAPERS.register(screens.paper_panel)
