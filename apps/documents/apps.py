"""Start-up of documents."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Papers that belong to cases: affidavits, orders, studies, invoices."""

    name = "apps.documents"

    def ready(self) -> None:
        from apps.documents import screens
        from apps.ui.casework import show_papers_with

        show_papers_with(screens.paper_panel)
