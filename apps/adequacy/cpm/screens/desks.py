"""Desks of CPM: solicitations, offers, designations and changes of a price."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.urls import reverse

from apps.adequacy.cpm import forms, selectors, services
from apps.adequacy.cpm.models import CpmDesignation, CpmOffer, CpmPriceChange, Solicitation
from apps.adequacy.cpm.terms import CPM_READERS, OFFERERS, PROCURERS, REASONS, SOLICITATIONS, TYPES
from apps.platform.accounts.terms import CONTRACT_WRITERS, ISO_ROLES
from apps.platform.audit.services import plain_move
from apps.platform.kernel.quantity import plain
from apps.platform.kernel.tradetime import FAR_MOMENT
from apps.platform.ui.casework import DESKS, CaseDesk, Opening, Shown, Step, turning_down


def _perform(service: Any, wish: Any) -> Any:
    return lambda *, actor, at, **words: service(wish=wish(**words), actor=actor, at=at)


SOLICITED = CaseDesk(
    name="cpm-solicitations",
    noun="solicitation",
    model=Solicitation,
    select=selectors.solicitations,
    roles=CPM_READERS,
    heading=lambda s: f"{SOLICITATIONS[s.kind]} solicitation of {plain(s.need_mw)} MW",
    facts=lambda s, viewer: [
        Shown("Type", TYPES[s.type]),
        Shown("Reason", REASONS[s.reason]),
        Shown("Need", s.need_mw, "MW"),
        Shown("Area", s.local_area.code if s.local_area else "system"),
        Shown("From", s.first_date),
        Shown("To", s.last_date),
        Shown("Offers until", s.closes_at),
        Shown("What for", s.text),
        Shown("Selected", s.selected_on),
    ],
    steps={
        "close": Step(partial(plain_move, model=Solicitation, action="close")),
        "select": Step(services.select_offers),
        "approve": Step(services.approve_selection),
        "cancel": Step(partial(plain_move, model=Solicitation, action="cancel"), note_needed=True),
    },
    opening=Opening(
        title="Solicit offers",
        button="Open the solicitation",
        form=forms.SolicitationForm,
        perform=_perform(services.solicit, services.SolicitationWish),
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


OFFERS = CaseDesk(
    name="cpm-offers",
    noun="CPM offer",
    model=CpmOffer,
    select=selectors.offers,
    roles=CPM_READERS,
    heading=lambda o: f"{o.resource.code}: {plain(o.mw)} MW at {plain(o.price)} $/kW-month",
    facts=lambda o, viewer: [
        Shown(
            "Solicitation",
            f"no. {o.solicitation_id}",
            address=reverse("cpm-solicitations-case", args=[o.solicitation_id]),
        ),
        Shown("Resource", o.resource.code),
        Shown("SC", o.sc.code),
        Shown("Offered", o.mw, "MW"),
        Shown("Price", o.price, "USD_PER_KW_MONTH"),
        Shown("Soft-offer cap", o.cap, "USD_PER_KW_MONTH"),
        Shown("FERC docket", o.docket),
        Shown("Going-forward fixed cost", o.gffc, "USD_PER_KW_MONTH"),
        Shown("Adder", o.adder, "SHARE"),
        Shown("Approved price", o.approved_price, "USD_PER_KW_MONTH"),
        Shown("Approved on", o.approved_on),
        Shown("Effectiveness", o.effectiveness, "SHARE"),
        Shown("Selected", o.taken_mw, "MW"),
    ],
    steps={
        "withdraw": Step(services.withdraw_offer),
        "rate": Step(services.rate_offer, form=forms.RateForm),
        "approve_price": Step(services.approve_offer_price, form=forms.ApprovedPriceForm),
    },
    opening=Opening(
        title="Offer capacity",
        button="Offer",
        form=forms.OfferForm,
        perform=_perform(services.submit_offer, services.OfferWish),
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


DESIGNATIONS = CaseDesk(
    name="cpm-designations",
    noun="CPM designation",
    model=CpmDesignation,
    select=selectors.designations,
    roles=CPM_READERS,
    heading=lambda d: f"{d.resource.code}: {plain(d.mw)} MW, {TYPES[d.type].lower()}",
    facts=lambda d, viewer: [
        Shown("Resource", d.resource.code),
        Shown("SC", d.sc.code),
        Shown("Type", TYPES[d.type]),
        Shown("Reason", REASONS[d.reason]),
        Shown("Part", d.part),
        Shown("Designated", d.mw, "MW"),
        Shown("From", d.first_date),
        Shown("To", d.last_date),
        Shown("Price", _price_of(d)),
        *(
            [
                Shown(
                    "Offer",
                    f"no. {d.offer_id}",
                    address=reverse("cpm-offers-case", args=[d.offer_id]),
                )
            ]
            if d.offer_id
            else []
        ),
        Shown("Selected", d.selected_on),
        Shown("Report due", d.report_due),
        Shown("Report posted", d.report_posted_at),
        Shown("What for", d.text),
    ],
    steps={
        "offer": Step(services.offer_designation),
        "accept": Step(services.accept_designation),
        "decline": Step(services.decline_designation, note_needed=True),
        "post_report": Step(services.post_report),
        "withdraw": Step(partial(plain_move, model=CpmDesignation, action="withdraw")),
    },
    opening=Opening(
        title="Designate",
        button="Propose",
        form=forms.DesignationForm,
        perform=_perform(services.propose_designation, services.DesignationWish),
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
PRICES = CaseDesk(
    name="cpm-price-changes",
    noun="CPM price change",
    model=CpmPriceChange,
    select=selectors.price_changes,
    roles=ISO_ROLES,
    heading=lambda c: f"{c.designation.resource.code}: {plain(c.price)} $/kW-month",
    facts=lambda c, viewer: [
        Shown(
            "Designation",
            f"no. {c.designation_id}",
            address=reverse("cpm-designations-case", args=[c.designation_id]),
        ),
        Shown("Price", c.price, "USD_PER_KW_MONTH"),
        Shown("First trade date", c.first_date),
        Shown("Last trade date", c.last_date),
        Shown("FERC docket", c.docket),
        Shown("Reference", c.reference),
        Shown(
            "Optional run asked for",
            f"{c.optional_from} to {c.optional_to}" if c.optional_from else "",
        ),
    ],
    steps={"approve": Step(services.price_approve), **turning_down(CpmPriceChange)},
    opening=Opening(
        title="Change a CPM price",
        button="Propose",
        form=forms.PriceForm,
        perform=_perform(services.propose_price, services.PriceWish),
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
DESKS.register(SOLICITED, OFFERS, DESIGNATIONS, PRICES)
