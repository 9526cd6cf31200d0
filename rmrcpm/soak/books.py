"""The books of a home: what two homes that were asked for the same must agree in.

Numbers that the database gives are left out, as a transaction that is undone uses one up: ids, and
what holds them (the digests of the chain, the run in an invoice's number). Jobs that read a file,
and what they tell, are left out too: there is one more for each file whose reading ended with the
web process.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from rmrcpm.soak.homes import Home

BOOKS = {
    "runs": """
        select kind, trade_date, version, state, run_type, result_hash from runs_run""",
    "files": """
        select kind, file_name, sha256, state, row_count from uploads_upload""",
    "dataset versions": """
        select dataset, period, version, content_hash, row_count from uploads_datasetversion""",
    "statements": """
        select p.code, s.trade_date, s.version, s.charges, s.payments, s.total, s.change,
               s.line_count
        from statements_statement s join accounts_party p on p.id = s.sc_id""",
    "statement lines": """
        select p.code, s.trade_date, s.version, l.line_no, l.charge_code, r.code, l.tac_area_id,
               l.contract_no, l.amount, l.previous_amount
        from statements_statementline l
        join statements_statement s on s.id = l.statement_id
        join accounts_party p on p.id = s.sc_id
        left join resources_resource r on r.id = l.resource_id""",
    "ledger": """
        select e.kind, e.book, e.day, p.account, sc.code, p.amount
        from clearing_posting p join clearing_entry e on e.id = p.entry_id
        left join accounts_party sc on sc.id = p.sc_id""",
    "invoices": r"""
        select regexp_replace(number, '-R\d+$', ''), day, charges, payments, net
        from clearing_invoice""",
    "publications": """
        select r.kind, r.trade_date, r.version, d.key, (d.value ->> 'rows')::int
        from runs_publication p join runs_run r on r.id = p.run_id,
             jsonb_each(p.digests) d""",
    "cost recovery requests": """
        select kind, state, reason, claimed, revision from cost_recovery_costrecoveryrequest""",
    "jobs": "select kind, state from jobs_job where kind <> 'read-upload'",
    "log of what people did": "select action from audit_auditevent",
    "notices": r"""
        select u.username, n.topic, regexp_replace(n.title, '-R\d+:', ':')
        from notifications_notification n
        join accounts_user u on u.id = n.user_id
        where n.topic <> 'queue-late' and n.title !~ ' has been read: '""",
}
MUST_BE_EMPTY = {
    "jobs that have not ended well": """
        select id, kind, state, error from jobs_job where state not in ('DONE', 'CANCELLED')""",
    "runs that have not ended well": """
        select id, kind, trade_date, state from runs_run
        where state not in ('SEALED', 'PUBLISHED')""",
    "ledger entries that do not come to zero": """
        select entry_id, sum(amount) from clearing_posting group by entry_id
        having sum(amount) <> 0""",
    "statements that are not the sum of their lines": """
        select s.id, s.total, sum(l.amount) from statements_statement s
        join statements_statementline l on l.statement_id = s.id
        group by s.id, s.total having s.total <> sum(l.amount)""",
    "statements published twice": """
        select run_id, sc_id, count(*) from statements_statement group by run_id, sc_id
        having count(*) > 1""",
    "files that came in twice": """
        select file_name, count(*) from uploads_upload where file_name ~ '^(again|new)-'
        group by file_name having count(*) > 1""",
    "requests filed twice": """
        select reason, count(*) from cost_recovery_costrecoveryrequest where reason ~ '^soak'
        group by reason having count(*) > 1""",
}
SHOWN = 5


def read(home: Home) -> dict[str, Counter[tuple[Any, ...]]]:
    """Return the rows of every book, however often each stands there."""
    return {name: Counter(home.ask(sql)) for name, sql in BOOKS.items()}


def faults(home: Home) -> list[str]:
    """Return what one home's books show to be wrong, whatever another one says."""
    found = []
    for name, sql in MUST_BE_EMPTY.items():
        rows = home.ask(sql)
        if rows:
            found.append(f"{name}: {len(rows)}, such as {rows[:SHOWN]}")
    chain = home.manage("verify_publications")
    if chain.returncode:
        found.append(f"the chain of publications: {chain.stdout}{chain.stderr}"[:500])
    return found


def differences(
    disturbed: dict[str, Counter[tuple[Any, ...]]], quiet: dict[str, Counter[tuple[Any, ...]]]
) -> list[str]:
    """Return in which books two homes differ: rows that are lost, and rows that are too many."""
    found = []
    for name in BOOKS:
        lost, more = quiet[name] - disturbed[name], disturbed[name] - quiet[name]
        for word, rows in (("lost", lost), ("too many", more)):
            if rows:
                some = list(rows.items())[:SHOWN]
                found.append(f"{name}: {rows.total()} {word}, such as {some}")
    return found
