"""Works a settlement statement out again from the kit beside it; needs rmrcpm installed."""

import json
import sys
from pathlib import Path

import apps
from apps.platform.parameters.adapters import load_beside
from apps.settlement.settlements.rules.replaying import replay


def main():
    """Tell every line; return 0 where all agree to the cent, else 1."""
    load_beside(apps)
    kit = json.loads((Path(__file__).parent / "kit.json").read_text())
    lines = replay(kit)
    told = [f"{kit['sc']} {kit['trade_date']} version {kit['version']}, rules {kit['code'][:12]}"]
    for line in lines:
        sign = "=" if line.agrees else "DIFFERS"
        told.append(
            f"{line.line_no:>6} {line.charge_code:<16} {line.stated:>16} {sign} {line.again} "
            f"{line.way}"
        )
    held = kit["held_lines"]
    for one in held:
        of = one["resource_id"] or "shares"
        codes = " ".join(one["charge_codes"])
        told.append(f"  HELD {of} {codes}: {one['because']} Until {one['until']}.")
    right = sum(line.agrees for line in lines)
    told.append(
        f"{right} of {len(lines)} lines agree" + (f", without {len(held)} held" if held else "")
    )
    sys.stdout.write("\n".join(told) + "\n")
    return 0 if right == len(lines) else 1


if __name__ == "__main__":
    sys.exit(main())
