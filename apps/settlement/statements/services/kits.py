"""The replay kit of a statement: inputs, rules version and a small runner, as one archive."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

from django.conf import settings

from apps.platform.core.rulebook import implements
from apps.platform.core.words import counted
from apps.settlement.settlements.selectors import held_of_sc
from apps.settlement.settlements.services import LineToPack, Recalculation, packed
from apps.settlement.statements.models import Statement
from apps.settlement.statements.selectors import line_values
from apps.settlement.statements.services.documents import written
from apps.settlement.statements.services.writing import held_words

RUNNER = Path(settings.BASE_DIR) / "templates" / "settlement" / "kit" / "replay.py"
ALWAYS = (1980, 1, 1, 0, 0, 0)  # the same statement gives the same bytes
README = """Replay kit of the settlement statement {name}

kit.json       your inputs of the day as the rules read them, the parameters with their references,
               the version of the rules ({code}), and the formula of each shared line
statement.csv  the statement as it was issued
replay.py      works every line out again and compares it; held lines it names, with why

With Python 3.11 and the package rmrcpm of that version on its path:  python replay.py
Lines of your own resources are calculated from the inputs by the same rules; your shares of what
others are part of are worked out from their formula. The demand of everybody else is in the kit as
one sum for each TAC area in which you have demand, or null where too few SCs share it. The exit
status is 0 where every line agrees to the cent.
{held}"""
HELD = """
This statement is not complete: {without}, listed in kit.json under held_lines and at the end
of statement.csv. They have no amount, and are charged or paid in a later version once what they
wait for is there.
"""


def kit_values(
    statement: Statement, *, recalculation: Recalculation | None = None
) -> dict[str, Any]:
    """Return what the kit of a statement holds as plain values.

    recalculation: of its run, where kits of several statements are made.
    """
    lines = [
        LineToPack(number, code, resource, area, contract, amount)
        for number, code, resource, _, area, _, contract, amount, _ in line_values(statement)
    ]
    kit = packed(statement.run, statement.sc, lines, recalculation=recalculation)
    held = held_of_sc(run=statement.run, sc_id=statement.sc_id)
    return kit | {"held_lines": [held_words(one) for one in held]}


@implements("BRQ-1201", "BRQ-1203", source="settlement desk: replay kit")
def kit_of(statement: Statement) -> bytes:
    """Return the replay kit of a statement as a ZIP archive."""
    kit = kit_values(statement)
    without = counted(len(kit["held_lines"]), "held line")
    said = HELD.format(without=without) if kit["held_lines"] else ""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (
            ("README.txt", README.format(name=statement, code=kit["code"][:12], held=said)),
            ("kit.json", json.dumps(kit, indent=1, sort_keys=True)),
            ("replay.py", RUNNER.read_text()),
            ("statement.csv", "".join(written(statement, "csv")[1])),
        ):
            archive.writestr(zipfile.ZipInfo(name, ALWAYS), text)
    return held.getvalue()
