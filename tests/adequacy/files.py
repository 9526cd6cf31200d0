"""Small files of resource adequacy: two generators that are no RMR, shares, forecasts, credits."""

RESOURCES = """RESOURCE_ID,RESOURCE_NAME,PMAX_MW,TAC_AREA,LOCAL_AREA,SC_ID,EFFECTIVE_FROM,SOURCE
SYN_FOOTHILL_6_GT,Foothill,60,PGE-TAC,SIERRA,SYN_GEN_SIERRA,2024-01-01,SYNTHETIC
SYN_BASIN_7_CC,Basin,150,SCE-TAC,LA_BASIN,SYN_GEN_SOUTH,2024-01-01,SYNTHETIC
SYN_VENTURA_8_GT,Ventura,30,SCE-TAC,BIG_CREEK_VENTURA,SYN_GEN_SOUTH,2024-01-01,SYNTHETIC
"""
MONTHS = ",".join(
    ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
)


def nqc_list(**mw):
    """The public NQC list of a year with one figure for all months of a resource."""
    head = (
        "Generator Name,Resource ID,Path Designation,Local Area,"
        + MONTHS.title().replace(",", ",")
        + ",Dispatchable,Deliverability Status,Deliverability MW,Comments\n"
    )
    head = head.replace(MONTHS.title(), MONTHS)
    rows = [
        f"{code},{code},North,Area,{','.join([str(value)] * 12)},Y,FC,,\n"
        for code, value in mw.items()
    ]
    return head + "".join(rows)


NQC = nqc_list(
    SYN_FOOTHILL_6_GT="55",
    SYN_BASIN_7_CC="140",
    SYN_VENTURA_8_GT="30",
    SYN_CEDAR_4_ST="60",
    SYN_HARBOR_1_GT="85",
)
EFC = "RESOURCE_ID,RA_YEAR,RA_MONTH,EFC_MW,FLEX_CATEGORY\n" + "".join(
    f"{code},2024,{month},{mw},{category}\n"
    for code, mw, category in (
        ("SYN_FOOTHILL_6_GT", 40, 1),
        ("SYN_BASIN_7_CC", 100, 2),
        ("SYN_HARBOR_1_GT", 70, 1),
    )
    for month in range(1, 13)
)
FORECASTS = """RA_YEAR,RA_MONTH,TAC_AREA,FORECAST_MW
2024,,PGE-TAC,20750
2024,,SCE-TAC,23100
2024,,SDGE-TAC,4500
2024,,VEA-TAC,150
2024,,MWD-TAC,200
2024,9,PGE-TAC,21000
2024,9,SCE-TAC,23100
2024,9,SDGE-TAC,4500
2024,9,VEA-TAC,150
2024,9,MWD-TAC,200
"""


def shares(month):
    """Load shares of a period; the annual one where there is no month."""
    rows = [
        ("PGE-TAC", "SYN_LSE_NORTH", "0.6966666667"),
        ("PGE-TAC", "SYN_LSE_BAY", "0.1016666667"),
        ("PGE-TAC", "SYN_LSE_VALLEY", "0.12"),
        ("PGE-TAC", "SYN_LSE_RETAIL", "0.0816666666"),
        ("PGE-TAC", "SYN_LSE_COAST", "0"),
        ("SCE-TAC", "SYN_LSE_BASIN", "0.8"),
        ("SCE-TAC", "SYN_LSE_COAST", "0.2"),
        ("SDGE-TAC", "SYN_LSE_BORDER", "1"),
        ("VEA-TAC", "SYN_LSE_DESERT", "1"),
        ("MWD-TAC", "SYN_LSE_WATER", "1"),
    ]
    return "".join(f"2024,{month},{tac},{lse},{share}\n" for tac, lse, share in rows)


SHARES = "RA_YEAR,RA_MONTH,TAC_AREA,LSE_SCID,LOAD_SHARE\n" + shares("") + shares(9)
OBLIGATIONS = """RA_YEAR,RA_MONTH,LSE_SCID,CATEGORY_1_MW,CATEGORY_2_MW,CATEGORY_3_MW
2024,9,SYN_LSE_NORTH,10,5,4
2024,9,SYN_LSE_BAY,1,1,1
"""
MONTHLY_HEAD = (
    "RA_YEAR,RA_MONTH,RESOURCE_ID,CREDIT_KIND,FLEX_CATEGORY,RMR_LABEL,TAC_AREAS,CREDIT_MW,"
    "OVERRIDE_REASON\n"
)
MONTHLY = f"""{MONTHLY_HEAD}2024,9,GRNLF2_1_UNIT,LOCAL,,RMR,PGE-TAC,49.20,
2024,9,SUNSET_2_UNITS,SYSTEM,,RMR,,231.00,
2024,9,GRNLF2_1_UNIT,FLEX,1,RMR,PGE-TAC,30.00,
2024,9,BOGUE_1_UNITA1,LOCAL,,RMRL,PGE-TAC,47.16,no NQC of a legacy unit is on file
"""
ANNUAL = """RA_YEAR,RESOURCE_ID,CREDIT_KIND,FLEX_CATEGORY,RMR_LABEL,TAC_AREAS,CREDIT_MW
2024,GRNLF2_1_UNIT,LOCAL,,RMR,PGE-TAC,49.20
2024,SUNSET_2_UNITS,SYSTEM,,RMR,ALL,231.00
"""
REPORT_HEAD = (
    "OUTAGE MRID,RESOURCE NAME,RESOURCE ID,OUTAGE TYPE,NATURE OF WORK,CURTAILMENT START DATE TIME,"
    "CURTAILMENT END DATE TIME,CURTAILMENT MW,RESOURCE PMAX MW,NET QUALIFYING CAPACITY MW\n"
)


def report(*rows):
    """An outage report of rows (mrid, resource, type, nature, from, to, MW)."""
    lines = [
        f"{mrid},Name,{resource},{kind},{nature},{start},{end},{mw},,\n"
        for mrid, resource, kind, nature, start, end, mw in rows
    ]
    return REPORT_HEAD + "".join(lines)


def supply_plan(*rows, scid="SYN_GEN_SOUTH"):
    """A generic supply plan of rows (resource, local, system, from, to)."""
    head = (
        "Validation Status,Supplier SCID,Resource ID,Local RA MW,System RA MW,Total RA MW,"
        "Start Date,End Date,LSE SCID,Errors and Warnings\n"
    )
    return head + "".join(
        f",{scid},{code},{local},{system},{float(local) + float(system):g},{start},{end},"
        "SYN_LSE_BASIN,\n"
        for code, local, system, start, end in rows
    )


# rows of an outage report: both out in full or in part from 2024-09-04 06:00 to 09-06 18:00
HARBOR = (
    "H1",
    "SYN_HARBOR_1_GT",
    "FORCED",
    "PLANT_TROUBLE",
    "2024-09-04 06:00",
    "2024-09-06 18:00",
    "40",
)
SUNSET = (
    "S1",
    "SUNSET_2_UNITS",
    "FORCED",
    "PLANT_TROUBLE",
    "2024-09-04 06:00",
    "2024-09-06 18:00",
    "62",
)
