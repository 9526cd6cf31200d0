"""Start-up of the verification: what the Master File is told of contracts."""

from django.apps import AppConfig


class VerificationConfig(AppConfig):
    """The Master File held against RMR contracts, by the matrix of Appendix 2."""

    name = "apps.reliability.verification"

    def ready(self) -> None:
        from apps.reference.masterfile.terms import (
            ask_contracts_of,
            show_with_transfer,
            verify_with,
        )
        from apps.reliability.verification import screens, selectors

        ask_contracts_of(selectors.under_contract)
        verify_with(selectors.report_lines)
        show_with_transfer(screens.carried)
