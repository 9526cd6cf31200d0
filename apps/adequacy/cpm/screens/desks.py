"""Desks of CPM: solicitations, offers, designations and changes of a price."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.urls import reverse

from apps.adequacy.cpm import forms, selectors, services
from apps.adequacy.cpm.codes import CPM_READERS, OFFERERS, PROCURERS, REASONS, SOLICITATIONS, TYPES
from apps.adequacy.cpm.models import CpmDesignation, CpmOffer, CpmPriceChange, Solicitation
from apps.platform.accounts.codes import CONTRACT_WRITERS, ISO_ROLES
from apps.platform.audit.services import plain_move
from apps.platform.core.quantity import plain
from apps.platform.core.tradetime import FAR_MOMENT
from apps.platform.ui.workflow import (
    WORKFLOWS,
    CaseFact,
    CreateForm,
    Transition,
    Workflow,
    turning_down,
)


def _perform(service: Any, given: Any) -> Any:
    return lambda *, actor, at, **words: service(given=given(**words), actor=actor, at=at)


SOLICITED = Workflow(
    name="cpm-solicitations",
    noun="solicitation",
    model=Solicitation,
    select=selectors.solicitations,
    roles=CPM_READERS,
    heading=lambda s: f"{SOLICITATIONS[s.kind]} solicitation of {plain(s.need_mw)} MW",
    facts=lambda s, viewer: [
        CaseFact("Type", TYPES[s.type]),
        CaseFact("Reason", REASONS[s.reason]),
        CaseFact("Need", s.need_mw, "MW"),
        CaseFact("Area", s.local_area.code if s.local_area else "system"),
        CaseFact("From", s.first_date),
        CaseFact("To", s.last_date),
        CaseFact("Offers until", s.closes_at),
        CaseFact("What for", s.text),
        CaseFact("Selected", s.selected_on),
    ],
    steps={
        "close": Transition(partial(plain_move, model=Solicitation, action="close")),
        "select": Transition(services.select_offers),
        "approve": Transition(services.approve_selection),
        "cancel": Transition(
            partial(plain_move, model=Solicitation, action="cancel"), note_needed=True
        ),
    },
    opening=CreateForm(
        title="Solicit offers",
        button="Open the solicitation",
        form=forms.SolicitationForm,
        perform=_perform(services.solicit, services.SolicitationInput),
        roles=PROCURERS,
        intro="SCs offer until it closes. Selection is at least cost for the need; what a second "
        "person approves is designated, and binds.",
        example={
            "kind": "MONTHLY",
            "type": "MONTHLY",
            "reason": "LOCAL",
            "first_date": "2027-08-01",
            "last_date": "2027-08-31",
            "need_mw": "100",
            "local_area": "LA_BASIN",
            "closes_at": "2027-07-10T17:00:00-07:00",
            "text": "Local deficiency of August",
        },
    ),
    panels=lambda s, viewer: (
        [("cpm/_selection.html", {"selection": s.selection})]
        if viewer.is_iso and s.selection
        else []
    ),
    links=lambda s, viewer: [
        ("Its offers", reverse("cpm-offers", query={"solicitation__id": s.pk})),
        *(
            [("Offer", reverse("cpm-offers-new", query={"solicitation": s.pk}))]
            if viewer.may(OFFERERS)
            else []
        ),
    ],
    implements=("BRQ-0305",),
)


OFFERS = Workflow(
    name="cpm-offers",
    noun="CPM offer",
    model=CpmOffer,
    select=selectors.offers,
    roles=CPM_READERS,
    heading=lambda o: f"{o.resource.code}: {plain(o.mw)} MW at {plain(o.price)} $/kW-month",
    facts=lambda o, viewer: [
        CaseFact(
            "Solicitation",
            f"no. {o.solicitation_id}",
            address=reverse("cpm-solicitations-case", args=[o.solicitation_id]),
        ),
        CaseFact("Resource", o.resource.code),
        CaseFact("SC", o.sc.code),
        CaseFact("Offered", o.mw, "MW"),
        CaseFact("Price", o.price, "USD_PER_KW_MONTH"),
        CaseFact("Soft-offer cap", o.cap, "USD_PER_KW_MONTH"),
        CaseFact("FERC docket", o.docket),
        CaseFact("Going-forward fixed cost", o.gffc, "USD_PER_KW_MONTH"),
        CaseFact("Adder", o.adder, "SHARE"),
        CaseFact("Approved price", o.approved_price, "USD_PER_KW_MONTH"),
        CaseFact("Approved on", o.approved_on),
        CaseFact("Effectiveness", o.effectiveness, "SHARE"),
        CaseFact("Selected", o.taken_mw, "MW"),
    ],
    steps={
        "withdraw": Transition(services.withdraw_offer),
        "rate": Transition(services.rate_offer, form=forms.RateForm),
        "approve_price": Transition(services.approve_offer_price, form=forms.ApprovedPriceForm),
    },
    opening=CreateForm(
        title="Offer capacity",
        button="Offer",
        form=forms.OfferForm,
        perform=_perform(services.submit_offer, services.OfferInput),
        roles=OFFERERS,
        intro="Paid as bid up to the soft-offer cap; above it, as FERC approves. An offer that is "
        "selected binds. RMR resources of either vintage cannot offer.",
        example={"solicitation": 1, "resource": "RESOURCE_1_UNIT", "mw": "60", "price": "5.00"},
    ),
    implements=("BRQ-0300", "BRQ-0305", "BRQ-0310"),
)


def _price_of(case: CpmDesignation) -> str:
    held = case.prices.filter(known__contains=FAR_MOMENT).order_by("valid")
    return "; ".join(f"{p.span.first} to {p.span.last}: {plain(p.price)} $/kW-month" for p in held)


DESIGNATIONS = Workflow(
    name="cpm-designations",
    noun="CPM designation",
    model=CpmDesignation,
    select=selectors.designations,
    roles=CPM_READERS,
    heading=lambda d: f"{d.resource.code}: {plain(d.mw)} MW, {TYPES[d.type].lower()}",
    facts=lambda d, viewer: [
        CaseFact("Resource", d.resource.code),
        CaseFact("SC", d.sc.code),
        CaseFact("Type", TYPES[d.type]),
        CaseFact("Reason", REASONS[d.reason]),
        CaseFact("Part", d.part),
        CaseFact("Designated", d.mw, "MW"),
        CaseFact("From", d.first_date),
        CaseFact("To", d.last_date),
        CaseFact("Price", _price_of(d)),
        *(
            [
                CaseFact(
                    "Offer",
                    f"no. {d.offer_id}",
                    address=reverse("cpm-offers-case", args=[d.offer_id]),
                )
            ]
            if d.offer_id
            else []
        ),
        CaseFact("Selected", d.selected_on),
        CaseFact("Report due", d.report_due),
        CaseFact("Report posted", d.report_posted_at),
        CaseFact("What for", d.text),
    ],
    steps={
        "offer": Transition(services.offer_designation),
        "accept": Transition(services.accept_designation),
        "decline": Transition(services.decline_designation, note_needed=True),
        "post_report": Transition(services.post_report),
        "withdraw": Transition(partial(plain_move, model=CpmDesignation, action="withdraw")),
    },
    opening=CreateForm(
        title="Designate",
        button="Propose",
        form=forms.CpmDesignationForm,
        perform=_perform(services.propose_designation, services.CpmDesignationInput),
        roles=PROCURERS,
        intro="The ISO offers at the soft-offer cap, once a second person approves; the SC's "
        "acceptance binds. No CPM for RMR of either vintage.",
        example={
            "resource": "RESOURCE_1_UNIT",
            "type": "SIGNIFICANT_EVENT",
            "reason": "RELIABILITY",
            "part": "GENERIC",
            "mw": "25",
            "first_date": "2027-08-01",
            "last_date": "2027-08-30",
            "text": "Heat wave",
        },
    ),
    implements=("BRQ-0300", "BRQ-0305", "BRQ-0330"),
)
PRICES = Workflow(
    name="cpm-price-changes",
    noun="CPM price change",
    model=CpmPriceChange,
    select=selectors.price_changes,
    roles=ISO_ROLES,
    heading=lambda c: f"{c.designation.resource.code}: {plain(c.price)} $/kW-month",
    facts=lambda c, viewer: [
        CaseFact(
            "Designation",
            f"no. {c.designation_id}",
            address=reverse("cpm-designations-case", args=[c.designation_id]),
        ),
        CaseFact("Price", c.price, "USD_PER_KW_MONTH"),
        CaseFact("First trade date", c.first_date),
        CaseFact("Last trade date", c.last_date),
        CaseFact("FERC docket", c.docket),
        CaseFact("Reference", c.reference),
        CaseFact(
            "Optional run asked for",
            f"{c.optional_from} to {c.optional_to}" if c.optional_from else "",
        ),
    ],
    steps={"approve": Transition(services.price_approve), **turning_down(CpmPriceChange)},
    opening=CreateForm(
        title="Change a CPM price",
        button="Propose",
        form=forms.CpmPriceForm,
        perform=_perform(services.propose_price, services.CpmPriceInput),
        roles=CONTRACT_WRITERS,
        intro="For trade dates of a designation. Where they are past T+55, settlements are asked "
        "for an optional run.",
        example={
            "designation": 1,
            "price": "6.90",
            "first_date": "2027-08-01",
            "last_date": "2027-08-31",
            "reference": "ER27-1",
        },
    ),
    implements=("BRQ-1320",),
)
WORKFLOWS.register(SOLICITED, OFFERS, DESIGNATIONS, PRICES)
