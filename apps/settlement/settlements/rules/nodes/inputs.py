"""What comes into the chain from files, other calculations and approved terms."""

from __future__ import annotations

from apps.settlement.settlements.rules.chain import Node, Port, declare

ROWS = (
    ("IN-DEMAND", "Metered demand", "demand", "MWh", ("sc", "tac"),
     "Metered demand of the day by SC and TAC area", ("BRQ-1230",), "settlement rule book 4.2"),
    ("IN-COMMITMENTS", "Commitments", "commitments", "events", ("resource", "market", "hour"),
     "Starts, runs and transitions by market", ("BRQ-1255",), "settlement rule book 2.4"),
    ("IN-HOURS", "Hourly market results", "hours", "MWh, $", ("resource", "hour"),
     "Day-ahead energy, AS and RUC", ("BRQ-1255",), "settlement rule book 2.4"),
    ("IN-QUARTERS", "15-minute market results", "quarters", "MWh, $",
     ("resource", "hour", "quarter"), "FMM energy and AS", ("BRQ-1255",),
     "settlement rule book 2.4"),
    ("IN-INTERVALS", "5-minute energy", "intervals", "MWh, $", ("resource", "hour", "interval"),
     "Expected, metered, dispatched energy", ("BRQ-1255", "BRQ-1260"),
     "settlement rule book 2.4"),
    ("IN-COSTS", "Costs and adders", "costs", "$", ("resource", "cost", "configuration"),
     "Proxy costs, approved actual costs, MMA and OC adders of the day",
     ("BRQ-1206", "BRQ-0095"), "settlement rule book 2.2"),
    ("IN-CONTRACTS", "RMR contracts", "contracts", "MW, $/MW-day", ("contract",),
     "Contracts in force with price and capacity by TAC area", ("BRQ-1205", "BRQ-1210"),
     "settlement rule book 2.1"),
    ("IN-RESOURCES", "Resources", "resources", "MW", ("resource",),
     "SC of the day and Pmax of each resource", ("BRQ-1205",), "settlement rule book 2.1"),
    ("IN-AVAILABILITY", "Availability of the year", "availability", "MWh", ("month", "resource"),
     "Obligation and curtailment over assessed hours, by month, resource, RA type and SC",
     ("BRQ-1215",), "settlement rule book 2.3"),
    ("IN-MONTH-DEMAND", "Metered demand of the month", "month_demand", "MWh",
     ("day", "sc", "tac"), "Metered demand by trade date of the month", ("BRQ-1240",),
     "settlement rule book 4.2"),
    ("IN-CPM", "CPM designations", "cpm", "MW, $/kW-month", ("designation",),
     "Designations of the month with their prices by day", ("BRQ-1320",),
     "settlement rule book 9"),
    ("IN-PENALTIES", "Negotiated penalties", "penalties", "$", ("contract",),
     "Penalties negotiated in contracts, approved for this trade date", ("BRQ-0056",),
     "settlement rule book 15, decision G16"),
    ("IN-RECOVERIES", "Approved costs to recover", "recoveries", "$", ("request", "resource"),
     "Gas, repair and motoring costs approved for this trade date",
     ("BRQ-1275", "BRQ-1265", "BRQ-1270"), "settlement rule book 10.1"),
    ("IN-HOLDS", "Holds", "holds", "held", ("resource",),
     "Resources of the day and of the month whose inputs are missing or outdated",
     ("BRQ-1206", "BRQ-1215", "BRQ-1255"), "settlement rule book 15, decision G36"),
)  # fmt: skip
for code, title, port, unit, keys, meaning, requirements, source in ROWS:
    declare(
        Node(
            code=code,
            title=title,
            role="INPUT",
            reads={},
            gives=(Port(port, unit, keys, meaning),),
            versions=(),
            requirements=requirements,
            source=source,
        )
    )
