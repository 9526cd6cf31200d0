"""The settlement of a day done slowly: exact fractions, one row at a time, no code of the rules."""

from __future__ import annotations

import fractions
from decimal import ROUND_HALF_UP, Decimal

F = fractions.Fraction


def cents(dollars: F) -> int:
    """Half up, away from zero."""
    sign = -1 if dollars < 0 else 1
    scaled = abs(dollars) * 100
    whole = scaled.numerator // scaled.denominator
    return sign * (whole + (scaled - whole >= F(1, 2)))


def share_out(total: int, weights: dict) -> dict:
    """Largest remainder in whole cents, ties to the lower key, the sign put on at the end."""
    whole = sum(weights.values())
    exact = {k: F(abs(total)) * w / whole for k, w in weights.items()}
    found = {k: int(v) for k, v in exact.items()}
    left = abs(total) - sum(found.values())
    for key in sorted(exact, key=lambda k: (-(exact[k] - found[k]), k))[:left]:
        found[key] += 1
    return {k: (v if total >= 0 else -v) for k, v in found.items()}


def factor(sold, minimum, metered, regulation, band, scheduled=True) -> F:
    """Settlement rule book 6.3, kept with eight decimals."""
    delivered = metered - regulation
    if sold >= minimum and sold > 0:
        if delivered < minimum - band or delivered <= 0:
            return F(0)
        if abs(delivered - sold) <= band or sold == minimum:
            return F(1)
        value = min(F(1), max(F(0), (delivered - minimum) / (sold - minimum)))
        exact = Decimal(value.numerator) / Decimal(value.denominator)
        return F(exact.quantize(Decimal("0.00000001"), ROUND_HALF_UP))
    if 0 < sold < minimum:
        return F(1)
    return F(int(scheduled and metered <= 0))


class Day:
    """Rows as plain dictionaries of fractions; see ``draw`` of the test for their shape."""

    def __init__(self, world):
        self.w = world
        self.factors = {}
        hours = {(h["r"], h["he"]): h for h in world["hours"]}
        for i in world["intervals"]:
            band = max(F(5), world["pmax"][i["r"]] * F(3, 100)) / 12
            hour = hours.get((i["r"], i["he"]))
            scheduled = hour["da"] / 12 if hour else F(0)
            minimum = hour["minimum"] / 12 if hour else F(0)
            ahead = factor(
                min(i["expected"], scheduled), minimum, i["metered"], i["reg"], band, scheduled > 0
            )
            real = factor(i["expected"], i["minimum"], i["metered"], i["reg"], band)
            self.factors[i["r"], i["he"], i["i"]] = (ahead, real)

    def mean(self, r, he, intervals, which):
        found = [self.factors.get((r, he, i)) for i in intervals]
        if not any(found):
            return F(1)
        return sum((f[which] for f in found if f), F(0)) / len(found)

    def committed(self, r, market):
        """(cost, adders) of starts and runs."""
        cost = adders = F(0)
        for e in (e for e in self.w["events"] if e["r"] == r):
            of = "IFM" if e["market"] == "IFM" and e["by"] != "ED" else "RUCRTM"
            if of == market and e["by"] != "SELF" and e["qualified"] == "Y":
                times = F(e["n"], 12) if e["event"] == "RUN" else F(1)
                cost += e["cost"] * times
                adders += self.adder(e) * times
        return cost, adders

    def adder(self, e):
        """Dollars of MMA and opportunity cost of an event, approved or on file (rule book G34)."""
        r, config = e["r"], e.get("config", "")
        if e["event"] == "TRANSITION":
            source, target = e["from"], e["config"]
            ends = [self.one(r, "MMA_START_UP", c) for c in (source, target)]
            mma = F(0) if None in ends else max(F(0), ends[1] - ends[0])
            return mma + (self.one(r, "OC_TRANSITION", source, target) or F(0))
        cost = {"START": "START_UP", "RUN": "MIN_LOAD"}[e["event"]]
        found = F(0) if config else self.w["mma"].get((r, e["event"]), F(0))
        return found + sum(self.one(r, f"{kind}_{cost}", config) or F(0) for kind in ("MMA", "OC"))

    def one(self, r, kind, config, to=""):
        """The adder approved there, else for the whole resource, else on file, else none."""
        for key in ((r, kind, config, to), (r, kind, "", "")):
            if key in self.w["approved"]:
                return self.w["approved"][key]
        return self.w["on_file"].get((r, kind, config, to))

    def ahead(self, r):
        """(cost, adders, revenue, own cost, own revenue) of the day-ahead market."""
        cost, adders = self.committed(r, "IFM")
        revenue = own_cost = own_revenue = F(0)
        for h in (h for h in self.w["hours"] if h["r"] == r):
            m = self.mean(r, h["he"], range(1, 13), 0)
            cost += h["bid"] * m + h["as_bid"]
            lowest = max(F(0), min(h["minimum"], h["da"]) - h["own"])
            whole = F(1) if self.w["of_minimum_load"] == "EXCLUDED" else m
            revenue += (h["da"] - h["own"] - lowest) * h["lmp"] * m + h["as_revenue"]
            revenue += lowest * h["lmp"] * whole
            sold = max(F(0), h["da"] - max(h["own"], h["minimum"]))
            adders += sold * self.w["oc"].get(r, F(0)) * m
            delivered = F(1) if self.w["of_self_schedule"] == "UNSCALED" else m
            own_cost += h["own_cost"] * delivered
            own_revenue += h["own"] * h["lmp"] * delivered
        return cost, adders, revenue, own_cost, own_revenue

    def real(self, r):
        """(cost, adders, revenue, 0, 0) of RUC and real time together."""
        w, oc = self.w, self.w["oc"].get(r, F(0))
        cost, adders = self.committed(r, "RUCRTM")
        revenue = F(0)
        for h in (h for h in w["hours"] if h["r"] == r and r not in w["rmr"]):
            cost += h["ruc"] * h["ruc_bid"]
            revenue += h["ruc"] * h["ruc_price"]
        energy = [
            (q, self.mean(r, q["he"], range(3 * q["q"] - 2, 3 * q["q"] + 1), 1))
            for q in w["quarters"]
            if q["r"] == r
        ]
        fives = [i for i in w["intervals"] if i["r"] == r]
        energy += [(i, self.factors[r, i["he"], i["i"]][1]) for i in fives]
        for row, m in energy:
            cost += row["bid"] * m
            revenue += row["mwh"] * row["lmp"] * m
            adders += row["mwh"] * oc * m
        for i in (i for i in w["intervals"] if i["r"] == r and r in w["rmr"]):
            cost += self.dispatch(i)[2]
            revenue += self.dispatch(i)[3]
        return cost, adders, revenue, F(0), F(0)

    def dispatch(self, i):
        """(energy, uplift, cost, revenue) of an interval of exceptional dispatch."""
        if not i["ed"]:
            return F(0), F(0), F(0), F(0)
        price = i["ref"] - (self.w["oc"].get(i["r"], F(0)) if i["r"] in self.w["rmr"] else 0)
        if i["ed"] < 0:
            paid = min(i["lmp"], price)
            return -i["ed"] * paid, F(0), i["ed"] * price, i["ed"] * paid
        gap = max(F(0), price - i["lmp"])
        return -i["ed"] * i["lmp"], -i["ed"] * gap, i["ed"] * price, i["ed"] * (i["lmp"] + gap)

    def reliability(self, r, sc, put):
        """Put the RMR lines of a resource; return its cost less adders by market."""
        mw, price, areas = self.w["rmr"][r]
        excess = true_up = F(0)
        adjusted = {}
        for code, sums in self.markets(r).items():
            cost, adders, revenue, own_cost, own_revenue = sums
            counted = min(adders, max(cost, F(0)))
            adjusted[code] = cost - counted
            over = max(F(0), revenue + own_revenue - adjusted[code] - own_cost)
            part = min(max(counted, F(0)), over)
            excess += over - part
            true_up += part
        parts = (-cents(mw * price), cents(true_up), cents(excess))
        for code, amount in zip(("RMR-CAP", "RMR-ADDER", "RMR-EXCESS"), parts, strict=True):
            put(code, sc, r, amount)
        parts = [*parts, *(-cents(paid) for paid in self.recovered(r).values())]
        for paid in parts[3:]:
            put("RMR-COSTREC", sc, r, paid)
        weights = {
            (who, tac): mwh
            / sum(v for (_, t), v in self.w["load"].items() if t == tac)
            * areas[tac]
            / sum(areas.values())
            for (who, tac), mwh in self.w["load"].items()
            if tac in areas
        }
        for (who, _), amount in share_out(-sum(parts), weights).items():
            put("RMR-ALLOC", who, r, amount)
        return adjusted

    def recovered(self, r):
        """Dollars recovered of a resource's claims by request (rule book 10.3)."""
        found = {}
        for claim in (c for c in self.w["claims"] if c["r"] == r):
            found[claim["request"]] = found.get(claim["request"], F(0)) + self.gas(claim)
        return found

    def gas(self, claim):
        if claim["kind"] != "GAS":
            return claim["usd"]
        burnt = [
            i
            for i in self.w["intervals"]
            if i["r"] == claim["r"]
            and i["metered"] > 0
            and claim["first"] <= i["he"] <= claim["last"]
        ]
        energy = sum(i["metered"] for i in burnt)
        total = F(0)
        for i in burnt:
            unit = claim["usd"] / energy
            basis = claim["basis"]
            if basis is None:
                reach = [p for to, p in self.w["bids"][claim["r"]] if to >= i["metered"] * 12]
                basis = reach[0] if reach else self.w["bids"][claim["r"]][-1][1]
            if self.w["reading"] == "LITERAL":
                total += i["metered"] * max(F(0), min(unit, i["lmp"]) - basis)
            else:
                total += i["metered"] * max(F(0), unit - max(basis, i["lmp"]))
        return total

    def markets(self, r):
        return {"BCR-IFM": self.ahead(r), "BCR-RTM": self.real(r)}

    def dispatched(self, r):
        """Dollars of exceptional dispatch by charge code."""
        energy = {"ED-IIE": F(0), "ED-EMR": F(0), "ED-TR": F(0)}
        for i in (i for i in self.w["intervals"] if i["r"] == r):
            energy["ED-IIE"] += self.dispatch(i)[0]
            energy["ED-EMR" if i["type"] == "SYSEMR" else "ED-TR"] += self.dispatch(i)[1]
        return energy

    def lines(self):
        """{(charge code, SC, resource or 0): cents}, zero lines left out."""
        found: dict = {}
        totals: dict[str, int] = {}

        def put(code, sc, r, amount):
            found[code, sc, r] = found.get((code, sc, r), 0) + amount
            totals[code] = totals.get(code, 0) + amount

        for r, sc in self.w["scs"].items():
            less = self.reliability(r, sc, put) if r in self.w["rmr"] else {}
            for code, (cost, _, revenue, _, _) in self.markets(r).items():
                put(code, sc, r, -cents(max(F(0), less.get(code, cost) - revenue)))
            for code, amount in self.dispatched(r).items():
                put(code, sc, r, cents(amount))
        for code, total in [t for t in totals.items() if t[0][:3] in ("BCR", "ED-")]:
            name = {"BCR-IFM": "BCR-ALLOC-IFM", "BCR-RTM": "BCR-ALLOC-RTM"}
            for who, amount in share_out(-total, self.demand()).items():
                put(name.get(code, f"{code}-ALLOC"), who, 0, amount)
        return {key: amount for key, amount in found.items() if amount}

    def demand(self):
        found: dict = {}
        for (sc, _), mwh in self.w["load"].items():
            found[sc] = found.get(sc, F(0)) + mwh
        return found
