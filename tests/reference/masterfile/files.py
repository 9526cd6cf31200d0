"""A Master File that says what the demo's contracts say, to be changed row by row."""

from datetime import date

HEAD = (
    "RESOURCE_ID,RESOURCE_NAME,SCID,PMAX_MW,PMIN_MW,MOO_QUALIFIED,RMR_FLAG,RMR_CD_TYPE,"
    "CONTRACT_EFFECTIVE_DT,CONTRACT_END_DT,USE_LIMIT_FLAG,CAR_FLAG,FUEL_TYPE,MSG_FLAG,ELS_FLAG,"
    "LOCAL_AREA,TAC_AREA\n"
)
END = "2024-12-31,N,N"
ROWS = {
    "METEC_2_PL1X3": f"Metcalf,SYN_GEN_LEGACY,597.05,,R,Y,1,2018-01-01,{END},GAS,Y,N,BAY_AREA,",
    "BOGUE_1_UNITA1": f"Feather,SYN_GEN_LEGACY,48.69,,R,Y,1,2018-01-01,{END},GAS,N,N,SIERRA,",
    "YUBACT_6_UNITA1": f"Yuba,SYN_GEN_LEGACY,47.16,,R,Y,1,2018-01-01,{END},GAS,N,N,SIERRA,",
    "OAK C_7_UNIT 1": f"Oak 1,SYN_GEN_LEGACY,55,,R,Y,2,1998-01-01,{END},OIL,N,N,BAY_AREA,",
    "OAK C_7_UNIT 3": f"Oak 3,SYN_GEN_LEGACY,55,,R,Y,2,1998-01-01,{END},OIL,N,N,BAY_AREA,",
    "SUNSET_2_UNITS": f"Sunset,SYN_GEN_SUNSET,248,,R,Y,N/A,2021-02-01,{END},GAS,N,N,,PGE-TAC",
    "GRNLF2_1_UNIT": f"Greenleaf,SYN_GEN_SIERRA,49.2,,R,Y,N/A,2020-01-01,{END},GAS,N,N,SIERRA,",
    "SYN_HARBOR_1_GT": f"Harbor,SYN_GEN_SOUTH,85,,R,Y,N/A,2023-01-01,{END},GAS,N,N,LA_BASIN,",
    "SYN_MESA_2_CC": f"Mesa,SYN_GEN_SOUTH,120,,R,Y,N/A,2022-06-01,{END},GAS,N,N,SAN_DIEGO_IV,",
    "SYN_PLAYA_3_ST": f"Playa,SYN_GEN_SOUTH,30,,R,Y,N/A,2024-01-01,{END},GAS,N,N,,VEA-TAC",
    "FREE_1_UNIT": "Free,SYN_GEN_SOUTH,12,1,Y,N,,,,N,N,SUN,N,N,FRESNO,",
}
DAY = date(2024, 9, 4)


def text(**change):
    rows = ROWS | change
    return HEAD + "".join(f"{code},{row}\n" for code, row in rows.items() if row)
