"""Start-up of documents."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Papers that belong to cases: affidavits, orders, studies, invoices."""

    name = "apps.documents"

    def ready(self) -> None:
        from apps.documents import screens  # noqa: F401  (registers the list)
