"""Files of prices and demand that several tests send, and what the report says of a code."""

from pathlib import Path

CASES = Path(__file__).parent / "intake"
HEAD = "SC_ID,TAC_AREA,TRADE_DATE,HOUR_ENDING,MWH\n"
LOAD = "INTERVALSTARTTIME_GMT,MARKET_RUN_ID,TAC_AREA_NAME,LABEL,XML_DATA_ITEM,MW,EXECUTION_TYPE\n"


def case(name):
    return (CASES / name).read_bytes()


def said(upload, code):
    return list(upload.violations.filter(code=code).values_list("message", flat=True))


def demand(sc, area="PGE-TAC", hours=range(1, 25), mwh="1.5", day="2024-10-01"):
    return "".join(f"{sc},{area},{day},{h},{mwh}\n" for h in hours)
