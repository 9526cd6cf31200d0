"""Cases of the desks of costs, bids and the market, of the Sunset generator."""

from __future__ import annotations


def cost_and_bid_cases(person, now):
    """Open a case at every desk of costs, bids and the market about the same resource."""
    import io
    from datetime import UTC, date, datetime
    from decimal import Decimal

    from apps.bidding.bids import services as bids
    from apps.bidding.costs import services as costs
    from apps.bidding.market_payloads import services as market
    from apps.bidding.market_payloads.codes import Audience
    from apps.reference.outages import services as outages

    contracts, operator, sunset = (
        person(n) for n in ("iso.contracts", "iso.operator", "sc.sunset")
    )
    before = datetime(2024, 9, 3, 15, tzinfo=UTC)
    code, day = "SUNSET_2_UNITS", date(2024, 9, 4)
    adder = costs.propose_adder(
        given=costs.AdderInput(
            resource=code,
            kind="MMA_START_UP",
            amount=Decimal("301.25"),
            origin="NEGOTIATED",
            first_date=day,
            reference="sunset secret",
        ),
        actor=contracts,
        at=now,
    )
    region = costs.propose_region(
        given=costs.RegionInput(
            region="FRX",
            index="X",
            volatility=Decimal(1),
            first_date=day,
            reference="sunset secret",
        ),
        actor=contracts,
        at=now,
    )
    level = costs.request_change(
        given=costs.RequestInput(
            timing="EX_POST",
            resource=code,
            trade_date=day,
            market="DA",
            cost_type="START_UP",
            requested=Decimal("301.25"),
            reason="sunset secret",
        ),
        actor=sunset,
        at=now,
    )
    card = outages.file_outage(
        given=outages.OutageInput(
            resource=code,
            outage_type="FORCED",
            nature="PLANT_TROUBLE",
            curtailed_mw=Decimal(10),
            starts_at=before,
            reason="sunset secret",
        ),
        actor=sunset,
        at=before,
    )
    bid = bids.submit_bid(
        given=bids.BidInput(
            market="DA", resource=code, trade_date=day, energy=[["40", "100", "301.25"]]
        ),
        actor=sunset,
        at=before,
    )
    file = io.BytesIO(b"sunset secret")
    file.name = "sunset secret"
    bid_file = bids.take_file(actor=sunset, at=now, file=file)
    told = bids.instruct_card(
        given=bids.InstructionInput(
            resource=code,
            limit_type="STARTS",
            nature="ANNUAL_USE_LIMIT_REACHED",
            curtailed_mw=Decimal(10),
            starts_at=before,
            ends_at=now,
            reason="sunset secret",
        ),
        actor=operator,
        at=now,
    )
    payload, _ = market.make_payload(
        audience=Audience.CMRI, day=day, actor=operator, at=now, cause="sunset secret"
    )
    moved = market.issue_dispatch(
        given=market.DispatchInput(
            resource=code,
            instruction="SYSEMR",
            market="RT",
            mw=Decimal(40),
            starts_at=before,
            reason="sunset secret",
        ),
        actor=operator,
        at=now,
    )
    return {
        "cost-adder-proposals": adder.pk,
        "fuel-region-proposals": region.pk,
        "reference-level-requests": level.pk,
        "outage-cards": card.pk,
        "bids": bid.pk,
        "bid-files": bid_file.pk,
        "use-limit-instructions": told.pk,
        "market-payloads": payload.pk,
        "exceptional-dispatches": moved.pk,
    }
