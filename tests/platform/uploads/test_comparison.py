"""The preview of every kind: a file sent again changes nothing, one cell changed is one change."""

from __future__ import annotations

import pytest

from apps.platform.uploads import services
from apps.platform.uploads.hooks import UPLOAD_KINDS, kind

pytestmark = pytest.mark.django_db
OPTIONS = {"as_of": "2019-06-01", "ra_year": "2031"}
# one cell of the template, and what it is changed to, where there is a quantity to change
CELLS = {
    "commitments": ("5000", "5001"),
    "market-hours": ("44.50", "44.51"),
    "market-quarters": ("48", "49"),
    "market-intervals": (",50,", ",51,"),
    "capability-list": ("49.5", "49.6"),
    "nqc-list": ("49.2", "49.3"),
    "tac-load": ("12883", "12884"),
    "energy-prices": ("35.8087", "35.8088"),
    "resources": (",20,PGE", ",21,PGE"),
    "rmr-nqc-efc": ("49.2,", "49.1,"),
    "contract-terms": ("185.5", "185.6"),
    "master-file": ("49.2,20,", "49.2,21,"),
    "msg-configurations": ("1200", "1300"),
    "heat-rate-points": ("9800", "9700"),
    "nqc-by-month": (",12", ",13"),
    "rmr-facts": ("734", "735"),
    "gas-prices": ("2.64", "2.65"),
    "fuel-prices": ("17.25", "17.26"),
    "allowance-auctions": ("$30.24", "$30.25"),
    "allowance-prices": ("32.10", "32.11"),
    "cost-rates": ("0.35", "0.36"),
    "fuel-regions": ("FRPGE2GHG,PG&E", "FRPGE2GHG,SoCal"),
    "commitment-inputs": (",120,", ",121,"),
    "cost-adders": ("1500", "1501"),
    "wecc-curves": ("1355.9", "1356"),
    "capow-generators": ("63.75", "64"),
    "epa-heat-rates": ("11037482.277", "11037482.278"),
    "certified-services": (",15,", ",16,"),
    "use-limits": (",120", ",121"),
    "use-readings": ("09-04,2", "09-04,3"),
    "dispatches": (",42", ",43"),
    "outage-report": (",20.5,", ",20.6,"),
    "nature-of-work": (",FORCED,N,Y,", ",FORCED,N,N,"),
    "holidays": ("Labor Day", "Labour Day"),
    "assessment-hours": (",17,21,", ",17,20,"),
    "efc-list": (",30,1", ",31,1"),
    "demand-forecasts": ("20750", "20751"),
    "flex-obligations": (",50,30,20", ",50,30,21"),
    "rmr-credits-annual": ("PGE-TAC,49.2", "PGE-TAC,49.1"),
    "rmr-credits-monthly": ("PGE-TAC,49.2", "PGE-TAC,49.1"),
    "cpm-facts": (",7.34,", ",7.32,"),
    "settlement-runs": ("Settlements and Billing", "Settlements"),
    "settlement-dates": ("2024-09-17", "2024-09-18"),
    "dispatch-shares": ("1250000", "1250001"),
    "former-resource-ids": ("2023-05-12", "2023-05-13"),
}
# with tests of their own: demand is large, transitions need their configurations first
ELSEWHERE = {
    "cpm-deficiencies",
    "metered-demand",
    "msg-transitions",
    "load-shares",
}  # whose shares sum to 1


def counts(upload):
    entry = upload.preview["periods"][0]
    return entry["added"], entry["changed"], entry["removed"]


def test_every_kind_with_an_example_is_covered():
    assert {k.code for k in UPLOAD_KINDS} - set(CELLS) == ELSEWHERE


@pytest.mark.turns(3, of=("apps/platform/uploads/",))
@pytest.mark.parametrize("code", CELLS)
def test_sent_again_is_no_change_and_one_cell_is_one(code, send, load):
    text = services.template_csv(kind(code)).replace("SYN_GEN_A", "SYN_GEN_SIERRA")
    text = text.replace("RMR-2024-GRNLF2", "RMR-GRNLF2")
    load(code, text, sender="iso.admin", options=OPTIONS)
    again = send(code, text, sender="iso.admin", options=OPTIONS)
    assert counts(again)[:2] == (0, 0), again.preview
    was, now = CELLS[code]
    other = send(code, text.replace(was, now, 1), sender="iso.admin", options=OPTIONS)
    if code == "contract-terms":  # the price stands on both rows of the contract
        other = send(code, text.replace(was, now), sender="iso.admin", options=OPTIONS)
    assert counts(other)[1] == (2 if code == "contract-terms" else 1), other.preview
