"""Payloads to the markets and settlements, exceptional dispatch, dispatch flags."""

from apps.bidding.market_payloads.services.content import content_of
from apps.bidding.market_payloads.services.destinations import destination_of
from apps.bidding.market_payloads.services.dispatching import (
    DispatchInput,
    cancel_dispatch,
    check_dispatch,
    issue_dispatch,
    store_dispatch,
)
from apps.bidding.market_payloads.services.publishing import (
    DELIVER,
    deliver,
    file_name,
    make_payload,
    payload_asked,
    publish_due,
    resend,
    waiting,
)

__all__ = [
    "DELIVER",
    "DispatchInput",
    "cancel_dispatch",
    "check_dispatch",
    "content_of",
    "deliver",
    "destination_of",
    "file_name",
    "issue_dispatch",
    "make_payload",
    "payload_asked",
    "publish_due",
    "resend",
    "store_dispatch",
    "waiting",
]
