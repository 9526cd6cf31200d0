"""Solicit, offer, select, designate, report and re-price CPM capacity."""

from apps.adequacy.cpm.services.designating import (
    CpmDesignationInput,
    accept_designation,
    decline_designation,
    offer_designation,
    overdue_reports,
    post_report,
    propose_designation,
    remind_reports,
)
from apps.adequacy.cpm.services.facts import check_facts, current_facts, store_facts
from apps.adequacy.cpm.services.offering import (
    OfferInput,
    approve_offer_price,
    rate_offer,
    submit_offer,
    withdraw_offer,
)
from apps.adequacy.cpm.services.pricing import CpmPriceInput, price_approve, propose_price
from apps.adequacy.cpm.services.soliciting import (
    SolicitationInput,
    approve_selection,
    select_offers,
    solicit,
)

__all__ = [
    "CpmDesignationInput",
    "CpmPriceInput",
    "OfferInput",
    "SolicitationInput",
    "accept_designation",
    "approve_offer_price",
    "approve_selection",
    "check_facts",
    "current_facts",
    "decline_designation",
    "offer_designation",
    "overdue_reports",
    "post_report",
    "price_approve",
    "propose_designation",
    "propose_price",
    "rate_offer",
    "remind_reports",
    "select_offers",
    "solicit",
    "store_facts",
    "submit_offer",
    "withdraw_offer",
]
