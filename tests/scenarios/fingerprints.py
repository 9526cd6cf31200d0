"""What each scenario came to, in one fingerprint of its amounts and one of its explanations.

The rows of ``then`` name what a reader should look at; the fingerprints hold everything else where
it is: every line to the cent and every sentence that explains it. A change of the house must leave
them alone; a change of a rule or of a sentence writes them anew with RMRCPM_WRITE_FINGERPRINTS=1
and shows in the difference which cases it moved.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import re
from pathlib import Path

KEPT = Path(__file__).parent / "fingerprints.csv"
WRITING = os.environ.get("RMRCPM_WRITE_FINGERPRINTS") == "1"
HEAD = ["case", "step", "amounts", "explanations"]
# keys of this database: in addresses, of values of parameters, and as the number of a designation
# or a cost recovery request
KEYS_OF_ROWS = re.compile(
    r"(?<=/)\d+(?=[/?#\"]|$)|(?<=\bCR )\d+|(?<=\b(?:RMR|CPM) )\d+|(?<=\?value=)\d+"
)


# what an explanation's parts were called when the fingerprints were taken
FORMER_NAMES = {"formula": "reckoning"}
FORMER_WORDS = {"market_payloads.dispatches": "marketview.dispatches"}


def as_then(explanations: dict) -> dict:
    """Return explanations with the names their parts had when the fingerprints were taken."""
    return {
        place: {FORMER_NAMES.get(name, name): part for name, part in told.items()}
        for place, told in explanations.items()
    }


def written(value) -> str:
    """Return a value as text, sorted by name, without the keys of this database."""
    text = json.dumps(value, sort_keys=True, default=str, ensure_ascii=False)
    for now, then in FORMER_WORDS.items():
        text = text.replace(now, then)
    return KEYS_OF_ROWS.sub("n", text)


def digest(value) -> str:
    """Return a fingerprint of rows by name; rows of one name may come in any order."""
    ordered = {k: sorted(v, key=written) if isinstance(v, list) else v for k, v in value.items()}
    return hashlib.sha256(written(ordered).encode()).hexdigest()[:32]


def kept() -> dict[tuple[str, str], tuple[str, str]]:
    """Return the fingerprints by case and step."""
    if not KEPT.exists():
        return {}
    with KEPT.open(newline="") as file:
        return {
            (r["case"], r["step"]): (r["amounts"], r["explanations"]) for r in csv.DictReader(file)
        }


def compare_fingerprints(case, step, amounts, explanations) -> None:
    """Compare with what is kept, or keep it where they are being written."""
    found = (digest(amounts), digest(as_then(explanations)))
    if not WRITING:
        assert kept()[case, step] == found, f"{case} {step} is not what it was"
        return
    rows = {**kept(), (case, step): found}
    with KEPT.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEAD)
        writer.writerows([*key, *rows[key]] for key in sorted(rows))
