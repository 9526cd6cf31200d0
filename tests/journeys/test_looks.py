"""Every page of the desk in a real Chromium: who cannot see or has a small screen can use it.

The last of the journeys of the desk: it looks at the pages of what the others have made.
"""

from __future__ import annotations

import pytest

from tests.journeys.conftest import again
from tests.journeys.looking import SHIFT, barriers
from tests.plugins.sampling import in_turn

pytestmark = pytest.mark.browser

PAGES = [
    "/",
    "/trade-dates/2024-09-04/",
    "/statements/",
    "/upload/",
    "/upload/rmr-nqc-efc/",
    "/metered-demand/",
    "/rmr-contracts/",
    "/parameters/",
    "/requirements/",
    "/registries/",
    "/registries/?registry=uploads.kinds",
    "/calculators/capacity-allocation/",
    "/runs/1/",
    "/uploads/1/",
    "/accounts/login/",
    "/accounts/tokens/",
    "/accounts/2fa/",
    "/accounts/sessions/",
    "/accounts/password/change/",
    "/accounts/email/",
    "/users/",
    "/users/3/",
    "/users/invite/",
    "/parties/",
    "/parties/3/",
    "/api-tokens/",
    "/certificates/",
    "/jobs/",
    "/jobs/1/",
    "/system/",
    "/notices/",
    "/notices/preferences/",
    "/deadlines/",
    "/search/?q=sunset",
    "/help/",
    "/help/iso-staff/",
    "/help/rules/",
    "/uploads/?state=CONFIRMED",
    "/uploads/1/correct/",
    "/uploads/1/changes/",
    "/events/",
    "/reads/",
    "/upload/metered-demand/",
    "/retirement-list/",
    "/daily-briefing/",
    "/retirement-notices/5/",
    "/retirement-notices/new/",
    "/return-affidavits/1/",
    "/study-findings/new/?notice=5",
    "/designations/15/",
    "/designations/new/",
    "/ra-designations/?ra_year=2024",
    "/contract-proposals/new/?designation=5",
    "/price-changes/1/",
    "/price-changes/new/",
    "/capacity-payload/",
    "/master-file/",
    "/master-file-check/",
    "/sc-transfers/new/",
    "/documents/",
    "/costs/",
    "/energy-bids/2024-09-04/8/",
    "/transition-graph/2024-09-04/9/",
    "/mma-transitions/",
    "/bid-days/DA/2024-09-04/6/?hour=16",
    "/use-limits/",
    "/market-payloads/1/",
    "/settlement-board/",
    "/rmr-cost/",
    "/chain/",
    "/charge-lines/",
    "/market-netting/",
    "/raaim/",
    "/raaim-pool/",
    "/contract-penalties/",
    "/contract-penalties/new/",
    "/legacy-invoices/",
    "/legacy-invoices/new/",
    "/settlement-runs/",
    "/settlement-dates/",
    "/market-intervals/",
    "/market-view/",
    "/exceptional-dispatches/new/",
    "/reference-level-requests/2/",
    "/outage-cards/new/",
    "/cost-adder-proposals/new/",
    "/bid-hours/",
    "/fuel-prices/",
    "/credit-distribution/",
    "/credit-distribution/2024-09/",
    "/credit-distribution/2030-01/",
    "/lse-credits/",
    "/credit-shares/",
    "/flex-cover/",
    "/credit-proposals/new/",
    "/ra-capacity/?day=2024-09-05",
    "/plans/1/",
    "/plans/new/",
    "/plan-conflicts/",
    "/reported-outages/",
    "/natures-of-work/",
    "/substitute-candidates/?outage=SYN-1",
    "/substitutions/1/",
    "/substitutions/new/",
    "/exemptions/1/",
    "/availability/?month=2024-09",
    "/availability/2024-09/6/GENERIC/",
    "/availability-hours/",
    "/cpm-solicitations/new/",
    "/cpm-designations/1/",
    "/cpm-reports/",
    "/cpm-facts/",
    "/statement-queue/",
    "/statement-queue/1/",
    "/statement-months/",
    "/invoice-weeks/",
    "/invoices/",
    "/trial-balance/",
    "/ledger/",
    "/exposures/",
    "/credit-entries/",
    "/collateral-calls/",
    "/receipts/",
    "/payment-dates/",
    "/payment-defaults/",
    "/default-losses/",
    "/cost-recovery-requests/",
    "/cost-recovery-requests/1/",
    "/late-corrections/",
    "/disputes/",
    "/what-ifs/",
    "/what-ifs/new/",
    "/compare/?old=2024-09-04&new=2024-09-05",
    "/publications/",
]


SIZES = [(1280, "light"), (1280, "dark"), (390, "light"), (390, "dark"), (1920, "light")]
LOOKS = [f"{page} {width} {scheme}" for page in PAGES for width, scheme in SIZES]


def pages_at(width, scheme):
    """Return the pages whose turn it is in a size."""
    on = set(in_turn(LOOKS, days=10))
    return [page for page in PAGES if f"{page} {width} {scheme}" in on]


@pytest.mark.parametrize(("width", "scheme"), SIZES)
def test_every_page_of_the_desk_is_accessible_and_fits(visit, width, scheme):
    """A page is looked at on each other day in one size, in ten days in all five."""
    page = visit("iso.admin", width=width, scheme=scheme)
    # at 1920 the rows of 1280 come once more, on a wider page: a few of each list tell
    few = "per_page=10" if width == 1920 else ""
    for path in pages_at(width, scheme):
        page.goto(f"{path}{'&' if '?' in path else '?'}{few}" if few else path)
        again(page)
        spare = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert spare <= 0, f"{path} is {spare}px too wide at {width}"
        assert barriers(page) == [], (path, width, scheme)
        assert page.evaluate(SHIFT) < 0.1, f"{path} moves while it loads"
    assert page.faults == []


ROW = '<tr><td><span class="tag {kind}">READY</span></td><td><a href="/x/{n}/">{n}</a></td></tr>'
STYLE = ".faint .tag, .tag.odd {{ color: #ddd }} tr:nth-child(even) .tag {{ color: {even} }}"


@pytest.mark.parametrize(
    ("kinds", "even", "found"),
    [
        ({}, "#000", []),
        ({40: "odd"}, "#000", ["color-contrast"]),  # a class that one row alone has
        ({}, "#ccc", ["color-contrast"]),  # nothing but the place of a row
    ],
)
def test_one_row_that_differs_from_many_alike_is_looked_at(browser, kinds, even, found):
    page = browser.new_page()
    rows = "".join(ROW.format(n=n, kind=kinds.get(n, "")) for n in range(60))
    page.set_content(
        f"<html lang=en><title>Rows</title><style>{STYLE.format(even=even)}</style><main><h1>Rows"
        f"</h1><table><thead><tr><th>State<th>Row</thead><tbody>{rows}</tbody></table></main>"
    )
    assert [name for name, _ in barriers(page)] == found
    page.close()
