"""Solicit, offer, select, designate, report and re-price CPM capacity."""

from apps.adequacy.cpm.services.designating import (
    DesignationWish,
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
    OfferWish,
    approve_offer_price,
    rate_offer,
    submit_offer,
    withdraw_offer,
)
from apps.adequacy.cpm.services.pricing import PriceWish, price_approve, propose_price
from apps.adequacy.cpm.services.soliciting import (
    SolicitationWish,
    approve_selection,
    select_offers,
    solicit,
)

__all__ = [
    "DesignationWish",
    "OfferWish",
    "PriceWish",
    "SolicitationWish",
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
