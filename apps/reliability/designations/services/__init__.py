"""Designate resources, hold contract terms, change prices, publish payloads."""

from apps.reliability.designations.services.contract_files import (
    check_contract_terms,
    contract_row_open,
    current_contract_terms,
    store_contract_terms,
)
from apps.reliability.designations.services.designating import (
    DesignationInput,
    designation_approve,
    designation_document,
    finding_open,
    finding_withdraw,
    propose_designation,
)
from apps.reliability.designations.services.disclosing import (
    DisclosureInput,
    disclosure_approve,
    propose_disclosure,
)
from apps.reliability.designations.services.ending import (
    EndingInput,
    ending_approve,
    may_lapse,
    propose_ending,
)
from apps.reliability.designations.services.nqc_files import (
    check_rmr_nqc_efc,
    owner_of_nqc_row,
)
from apps.reliability.designations.services.payloads import publish_due, publish_payloads
from apps.reliability.designations.services.plausibility import CONTRACT_CHECKS
from apps.reliability.designations.services.pmax import (
    PmaxInput,
    pmax_approve,
    pmax_doubts,
    pmax_guard,
    pmax_said,
    propose_pmax,
)
from apps.reliability.designations.services.price_doubts import price_doubts
from apps.reliability.designations.services.pricing import (
    PriceInput,
    price_approve,
    price_refresh,
    propose_price,
)
from apps.reliability.designations.services.proposing import (
    TermsInput,
    propose_terms,
    terms_approve,
)
from apps.reliability.designations.services.public_facts import (
    check_public_facts,
    current_public_facts,
    store_public_facts,
)
from apps.reliability.designations.services.waiting_files import terms_kept
from apps.reliability.designations.services.what_follows import stands_beyond, what_follows

__all__ = [
    "CONTRACT_CHECKS",
    "DesignationInput",
    "DisclosureInput",
    "EndingInput",
    "PmaxInput",
    "PriceInput",
    "TermsInput",
    "check_contract_terms",
    "check_public_facts",
    "check_rmr_nqc_efc",
    "contract_row_open",
    "current_contract_terms",
    "current_public_facts",
    "designation_approve",
    "designation_document",
    "disclosure_approve",
    "ending_approve",
    "finding_open",
    "finding_withdraw",
    "may_lapse",
    "owner_of_nqc_row",
    "pmax_approve",
    "pmax_doubts",
    "pmax_guard",
    "pmax_said",
    "price_approve",
    "price_doubts",
    "price_refresh",
    "propose_designation",
    "propose_disclosure",
    "propose_ending",
    "propose_pmax",
    "propose_price",
    "propose_terms",
    "publish_due",
    "publish_payloads",
    "stands_beyond",
    "store_contract_terms",
    "store_public_facts",
    "terms_approve",
    "terms_kept",
    "what_follows",
]
