"""Every address of the product, and who may open it. A new address has to be put here.

Screens (list, exports, API) are classified by their own declaration and not listed.
"""

from __future__ import annotations

from functools import cache

from django.urls import get_resolver

from apps.bidding.market_payloads.codes import SENDERS
from apps.platform.accounts.codes import ISO_ROLES, PEOPLE_MANAGERS, SIGNED_IN, Role
from apps.platform.ui.screens import SCREENS
from apps.platform.ui.workflow import WORKFLOWS
from apps.reference.masterfile.codes import RETRIEVERS

PUBLIC = None  # everybody, signed in or not
OWN = "own"  # signed in; and the row must be one's own, else it is not found
ADMIN = frozenset({Role.ISO_ADMIN})
# a branch that changes who may has everybody walk everywhere
ADDRESSED = ("apps/platform/accounts/", "tests/pages/addresses.py", "tests/pages/who_may.csv")

ADDRESSES = {
    "": PUBLIC,
    "health/live": PUBLIC,
    "health/ready": PUBLIC,
    "metrics": PUBLIC,  # to this machine or a token alone: tests/site/operations/test_metrics.py
    "system-health/": ADMIN,
    "help/": PUBLIC,
    "help/rules/": PUBLIC,
    "help/tour.json": PUBLIC,
    "help/<slug:slug>/": PUBLIC,
    "search/": SIGNED_IN,
    "daily-briefing/": PUBLIC,
    "daily-briefing.pdf": PUBLIC,
    r"^retirement-list/feed\.(?P<form>atom|rss)$": PUBLIC,
    "documents/<int:document_id>/": OWN,
    "documents/<slug:desk>/<int:case_id>/": OWN,
    "api/v1/documents/<int:document_id>/": OWN,
    "api/v1/documents/<slug:desk>/<int:case_id>/": OWN,
    "master-file-check/": ISO_ROLES,
    "master-file-retrieve/": RETRIEVERS,
    "api/v1/master-file-check/": ISO_ROLES,
    "api/v1/master-file-retrieve/": RETRIEVERS,
    "resources/<int:resource_id>/": OWN,
    "costs/": ISO_ROLES,
    "energy-bids/<str:day>/<int:resource_id>/": OWN,
    "published-bids/<int:segment_id>/": SIGNED_IN,
    "transition-graph/<str:day>/<int:resource_id>/": OWN,
    "bid-days/<str:market>/<str:day>/<int:resource_id>/": OWN,
    "use-limits/": SIGNED_IN,
    "ra-capacity/": SIGNED_IN,
    "api/v1/ra-capacity/": SIGNED_IN,
    "credit-distribution/": ISO_ROLES,
    "credit-distribution/<str:period>/": ISO_ROLES,
    "credit-distribution/<str:period>/compare/": ISO_ROLES,
    "api/v1/credit-distribution/<str:period>/": ISO_ROLES,
    "api/v1/credit-transfers/": SIGNED_IN,
    "substitute-candidates/": SIGNED_IN,
    "api/v1/substitute-candidates/": SIGNED_IN,
    "availability/": SIGNED_IN,
    "availability/<str:month>/measure/": ISO_ROLES,
    "availability/<str:month>/<int:resource_id>/<str:ra_type>/": OWN,
    "settlement-board/": ISO_ROLES,
    "rmr-cost/": ISO_ROLES,
    "chain/": ISO_ROLES,
    "runs/<int:run_id>/charges/<int:line_no>/": ISO_ROLES,
    "market-view/": SENDERS,
    "market-payloads/<int:payload_id>/text/": ISO_ROLES,
    "api/v1/market-view/": SENDERS,
    "api/v1/market-payloads/<int:payload_id>/text/": ISO_ROLES,
    "theme/": PUBLIC,
    "favicon.ico": PUBLIC,
    "requirements/": PUBLIC,
    "registries/": PUBLIC,
    "calculators/": PUBLIC,
    "calculators/<slug:name>/": PUBLIC,
    "parameters/": PUBLIC,
    "parameters/<str:name>/": PUBLIC,
    "accounts/tokens/": SIGNED_IN,
    "accounts/tokens/revoke/": SIGNED_IN,
    "accounts/tokens/<int:token_id>/revoke/": OWN,
    "parties/new/": ADMIN,
    "parties/<int:party_id>/": ISO_ROLES | PEOPLE_MANAGERS,
    "parties/<int:party_id>/change/": ADMIN,
    "parties/<int:party_id>/certificates/": PEOPLE_MANAGERS,
    "certificates/<int:certificate_id>/file/": PEOPLE_MANAGERS,
    "certificates/<int:certificate_id>/revoke/": PEOPLE_MANAGERS,
    "users/invite/": PEOPLE_MANAGERS,
    "users/<int:user_id>/": PEOPLE_MANAGERS,
    r"^users/(?P<user_id>\d+)/(?P<action>activate|deactivate|link)/$": PEOPLE_MANAGERS,
    "notices/preferences/": SIGNED_IN,
    "notices/read/": SIGNED_IN,
    "notices/<int:notice_id>/": OWN,
    "deadlines/": SIGNED_IN,
    "calendar/<str:key>.ics": PUBLIC,
    "jobs/<int:job_id>/": OWN,
    "jobs/<int:job_id>/file/": OWN,
    r"^jobs/(?P<job_id>\d+)/(?P<action>cancel|retry)/$": OWN,
    "system/": ISO_ROLES,
    "system/schedule/<int:task_id>/": ADMIN,
    "api/v1/jobs/<int:job_id>/": OWN,
    r"api/v1/^jobs/(?P<job_id>\d+)/(?P<action>cancel|retry)/$": OWN,
    "upload/": ISO_ROLES,
    "upload/any/": ISO_ROLES,
    "upload/<slug:code>/": ISO_ROLES,
    r"^upload/(?P<code>[\w-]+)/template\.(?P<form>csv|xlsx)$": SIGNED_IN,
    "uploads/<int:upload_id>/": ISO_ROLES,
    "uploads/<int:upload_id>/rejected.csv": ISO_ROLES,
    "uploads/<int:upload_id>/file": ISO_ROLES,
    "uploads/<int:upload_id>/as/<slug:code>/": ISO_ROLES,
    "uploads/<int:upload_id>/answer/<slug:name>/": ISO_ROLES,
    "uploads/<int:upload_id>/correct/": ISO_ROLES,
    "uploads/<int:upload_id>/changes/": ISO_ROLES,
    r"^uploads/(?P<upload_id>\d+)/(?P<action>confirm|withdraw|reread)/$": ISO_ROLES,
    "datasets/<int:version_id>/rows/<int:line_no>/": OWN,
    "parameters/propose/": ISO_ROLES,
    "parameters/proposals/<int:proposal_id>/": ISO_ROLES,
    "parameters/proposals/<int:proposal_id>/<slug:action>/": ISO_ROLES,
    "runs/outdated/": ISO_ROLES,
    "runs/request/": ISO_ROLES,
    "runs/<int:run_id>/": ISO_ROLES,
    "runs/<int:run_id>/publish/": ISO_ROLES,
    "trade-dates/": ISO_ROLES,
    "trade-dates/<str:day>/": SIGNED_IN,
    "trade-dates/<str:day>/data-quality/": ISO_ROLES,
    "api/v1/trade-dates/<str:day>/data-quality/": ISO_ROLES,
    "api/v1/trade-dates/<str:day>/prepare/": ISO_ROLES,
    "trade-dates/<str:day>/prepare/": ISO_ROLES,
    "runs/<int:run_id>/payments/<int:resource_id>/": ISO_ROLES,
    "runs/<int:run_id>/allocation/<int:line_no>/": ISO_ROLES,
    "statements/<int:statement_id>/": OWN,
    "statements/<int:statement_id>/difference/": OWN,
    "statements/<int:statement_id>/file.<slug:form>": OWN,
    "statements/<int:statement_id>/shadow/": OWN,
    "compare/": SIGNED_IN,
    "runs/<int:old_id>/causes/<int:new_id>/": ISO_ROLES,
    "publication-preview/<int:run_id>/": ISO_ROLES,
    "publications/": ISO_ROLES,
    "runs/<int:run_id>/completeness/": ISO_ROLES,
    "invoices/<int:invoice_id>/": OWN,
    "invoices/<int:invoice_id>/file.<slug:form>": OWN,
    "exposures/<int:exposure_id>/": OWN,
    "trial-balance/": ISO_ROLES,
    "api/v1/invoices/<int:invoice_id>/": OWN,
    "api/v1/invoices/<int:invoice_id>/files/<slug:form>/": OWN,
    "api/v1/exposures/<int:exposure_id>/": OWN,
    "api/v1/trial-balance/": ISO_ROLES,
    "statement-months/": SIGNED_IN,
    "invoice-weeks/": SIGNED_IN,
    "schemas/statement-1.xsd": PUBLIC,
    "statements/<int:statement_id>/lines/<int:line_no>/": OWN,
    "api/v1/users/invite/": PEOPLE_MANAGERS,
    "api/v1/users/<int:user_id>/": PEOPLE_MANAGERS,
    "api/v1/api-tokens/make/": SIGNED_IN,
    "api/v1/api-tokens/<int:token_id>/revoke/": OWN,
    "api/v1/certificates/issue/": PEOPLE_MANAGERS,
    "api/v1/certificates/<int:certificate_id>/revoke/": PEOPLE_MANAGERS,
    "api/v1/whoami/": SIGNED_IN,
    "api/v1/uploads/send/": ISO_ROLES,
    "api/v1/uploads/<int:upload_id>/": ISO_ROLES,
    "api/v1/uploads/<int:upload_id>/rejected/": ISO_ROLES,
    r"api/v1/^uploads/(?P<upload_id>\d+)/(?P<action>confirm|withdraw|reread)/$": ISO_ROLES,
    "api/v1/upload-templates/<slug:code>/": SIGNED_IN,
    "api/v1/datasets/<int:version_id>/rows/<int:line_no>/": OWN,
    "api/v1/parameter-proposals/new/": ISO_ROLES,
    r"api/v1/^parameter-proposals/(?P<proposal_id>\d+)/(?P<action>approve|reject|withdraw)/$": (
        ISO_ROLES
    ),
    "api/v1/runs/request/": ISO_ROLES,
    "api/v1/runs/<int:run_id>/": ISO_ROLES,
    "api/v1/runs/<int:run_id>/publish/": ISO_ROLES,
    "api/v1/statements/<int:statement_id>/": OWN,
    "api/v1/statements/<int:statement_id>/difference/": OWN,
    "api/v1/statements/<int:statement_id>/files/<slug:form>/": OWN,
    "api/v1/statements/<int:statement_id>/shadow/": OWN,
    "api/v1/compare/": SIGNED_IN,
    "api/v1/runs/<int:old_id>/causes/<int:new_id>/": ISO_ROLES,
    "api/v1/publication-preview/<int:run_id>/": ISO_ROLES,
    "api/v1/publications/": ISO_ROLES,
    "api/v1/runs/<int:run_id>/completeness/": ISO_ROLES,
    "api/v1/statement-months/<str:sc>/<str:month>/": OWN,
    "api/v1/invoice-weeks/<str:sc>/": OWN,
    "api/v1/statements/<int:statement_id>/lines/<int:line_no>/explain/": OWN,
    "api/v1/requirements/": PUBLIC,
    "api/v1/calculators/": PUBLIC,
    r"api/v1/^calculators/(?P<name>[\w-]+)/?$": PUBLIC,
    "api/v1/schema.json": PUBLIC,
}

# the sign-in library: pages that know nobody but the person in front of them
LIBRARY = "accounts/"


def routes(patterns=None, before=""):
    """Yield every address pattern the product answers to."""
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        route = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from routes(pattern.url_patterns, route)
        else:
            yield route


def of_screen(name):
    """Return the addresses that every screen has."""
    return (
        f"{name}/",
        f"{name}.csv",
        f"{name}.xlsx",
        f"{name}.parquet",
        f"{name}/export/",
        f"{name}/view/",
        f"{name}/bulk/",
        f"api/v1/{name}/",
    )


@cache
def screens_by_address():
    """Return the name of a screen by each of its addresses."""
    return {route: screen.name for screen in SCREENS for route in of_screen(screen.name)}


def screen_of(route):
    """Return the name of the screen whose address this is, or None."""
    return screens_by_address().get(route)


@cache
def of_screens():
    """Return who may open the addresses of screens, by their declarations."""
    found = {}
    for screen in SCREENS:
        who = PUBLIC if screen.public else screen.roles
        for route in of_screen(screen.name):
            found[route] = who
    return found


@cache
def lists():
    """Return the addresses of the screens' lists."""
    return {f"{screen.name}/" for screen in SCREENS}


@cache
def of_desks():
    """Return who may open the addresses of case desks: rows of SCs are each SC's own."""
    found = {}
    for desk in WORKFLOWS:
        who = OWN if desk.of_parties else desk.roles
        for before in ("", "api/v1/"):
            if desk.opening:
                found[f"{before}{desk.name}/new/"] = desk.opening.roles
            found[f"{before}{desk.name}/<int:case_id>/"] = who
            for action in desk.steps:
                found[f"{before}{desk.name}/<int:case_id>/{action}/"] = who
    return found


def audience(route):
    """Return who may open an address; raises KeyError for one nobody has thought about."""
    if route in ADDRESSES:
        return ADDRESSES[route]
    if route.startswith(LIBRARY):
        return PUBLIC
    return of_desks()[route] if route in of_desks() else of_screens()[route]
