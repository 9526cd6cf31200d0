"""Bids of SCs, their insertion, use limits."""

from apps.bidding.bids.services.bid_files import take_file
from apps.bidding.bids.services.inserting import insert_bids
from apps.bidding.bids.services.insertion_inputs import terms_of
from apps.bidding.bids.services.instructing import (
    InstructionInput,
    check_known,
    instruct_card,
    instruction_card,
    instruction_withdraw,
    store_limits,
    store_services,
    store_use,
)
from apps.bidding.bids.services.requesting import request_day_ahead, request_real_time
from apps.bidding.bids.services.submitting import BidInput, check_bid, submit_bid, withdraw_bid

__all__ = [
    "BidInput",
    "InstructionInput",
    "check_bid",
    "check_known",
    "insert_bids",
    "instruct_card",
    "instruction_card",
    "instruction_withdraw",
    "request_day_ahead",
    "request_real_time",
    "store_limits",
    "store_services",
    "store_use",
    "submit_bid",
    "take_file",
    "terms_of",
    "withdraw_bid",
]
