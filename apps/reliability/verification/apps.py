"""Start-up of the verification: what the Master File is told of contracts."""

from django.apps import AppConfig


class VerificationConfig(AppConfig):
    """The Master File held against RMR contracts, by the matrix of Appendix 2."""

    name = "apps.reliability.verification"

    def ready(self) -> None:
        from apps.reference.masterfile.hooks import TRANSFER_PANELS, UNDER_CONTRACT, VERIFIERS
        from apps.reliability.verification import screens, selectors

        UNDER_CONTRACT.register(selectors.under_contract)
        VERIFIERS.register(selectors.report_lines)
        TRANSFER_PANELS.register(screens.carried)
