"""``make hostile``: the running product while 50 hostile workbooks and 300,000 faulty rows come.

Said of the product at ``RMRCPM_ADDRESS`` (http://localhost:8000), whose programs run from
``RMRCPM_HOME``: how long ``/health/live`` took at worst, the most memory of any of its processes,
what was answered, and how long a person waits for a small honest file before and meanwhile.
"""

from __future__ import annotations

import io
import os
import threading
import time
import zipfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import requests

from rmrcpm import env

ADDRESS = env.text("RMRCPM_ADDRESS", "http://localhost:8000")
PASSWORD = os.environ.get("RMRCPM_DEMO_PASSWORD", "walk-the-line-2024")
WORKBOOKS, AT_ONCE = 50, 8
COOKIES = {}
HEAD = "SC_ID,TAC_AREA,TRADE_DATE,HOUR_ENDING,MWH\n"
STRANGER = "N%d,PGE-TAC,2024-10-01,%d,5\n"
HONEST = (HEAD + "SYN_LSE_BAY,PGE-TAC,2024-10-01,1,5\n").encode()
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SHEET = f'<worksheet xmlns="{MAIN}"><sheetData>%s</sheetData></worksheet>'


def book(name="", content=""):
    """Return a workbook of one sheet with one part put in the place of its own."""
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"/>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{DOCUMENT}"><sheets>'
        '<sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{DOCUMENT}/worksheet" Target="worksheets/sheet1.xml"/>'
        "</Relationships>",
        "xl/worksheets/sheet1.xml": SHEET % "",
    }
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as pack:
        for part, text in (parts | ({name: content} if name else {})).items():
            pack.writestr(part, text)
    return held.getvalue()


def listed(count):
    """Return a ZIP that lists one part over and over."""
    one = book()
    start, end = one.index(b"PK\x01\x02"), one.index(b"PK\x05\x06")
    entry, last = one[start:end], bytearray(one[end:])
    last[12:16] = (len(entry) * count).to_bytes(4, "little")
    return one[:start] + entry * count + bytes(last)


def another(content, number):
    """Return the same workbook with a comment of its own: bytes that were read are kept."""
    words = b"%08d" % number
    return content[:-2] + len(words).to_bytes(2, "little") + words


def hostile():
    """Return workbooks by what is hostile in them."""
    cell = '<row r="%d"><c r="A%d" t="inlineStr"><is><t>a</t></is></c></row>'
    long = "".join(cell % (n, n) for n in range(1, 200_000))
    return {
        "nested elements": book("xl/workbook.xml", "<a>" * 1_000_000),
        "elements in a row": book("xl/workbook.xml", "<r>" + "<a/>" * 5_000_000 + "</r>"),
        "relations": book("xl/_rels/workbook.xml.rels", "<r>" + "<a/>" * 3_000_000 + "</r>"),
        "blanks": book("xl/worksheets/sheet1.xml", SHEET % (" " * 100_000_000)),
        "nested cells": book("xl/worksheets/sheet1.xml", "<a>" * 4_000_000),
        "shared texts": book("xl/sharedStrings.xml", "<sst>" + "<si/>" * 4_000_000 + "</sst>"),
        "styles": book("xl/styles.xml", "<s>" + "<a/>" * 4_000_000 + "</s>"),
        "a far cell": book(
            "xl/worksheets/sheet1.xml", SHEET % '<row><c r="XFD1048576"><v>1</v></c></row>'
        ),
        "parts without end": listed(100_000),
        "rows of one letter": book("xl/worksheets/sheet1.xml", SHEET % long),
    }


def programs(home):
    """Yield the processes of a home: number, what it is, resident memory in MB."""
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if f"RMRCPM_HOME={home}".encode() not in (entry / "environ").read_bytes().split(b"\0"):
                continue
            words = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            told = (entry / "smaps_rollup").read_text().splitlines()
            resident = next(int(t.split()[1]) for t in told if t.startswith("Rss:"))
        except (OSError, StopIteration):
            continue
        if "postgres" not in words:
            yield int(entry.name), words.strip()[:60], resident / 1024


class Watch(threading.Thread):
    """Asks for life ten times a second and looks at the memory of every process."""

    def __init__(self, home):
        super().__init__(daemon=True)
        self.home, self.over = home, threading.Event()
        self.taken, self.most = [], Counter()

    def run(self):
        """Ask and look until it is over."""
        session, looked = requests.Session(), 0.0
        while not self.over.wait(0.1):
            began = time.perf_counter()
            session.get(f"{ADDRESS}/health/live", timeout=60).raise_for_status()
            self.taken.append(time.perf_counter() - began)
            if time.monotonic() - looked > 0.5:
                looked = time.monotonic()
                for number, words, resident in programs(self.home):
                    key = f"{words} {number}"
                    self.most[key] = max(self.most[key], resident)


def signed_in():
    """Return the cookies of an operator: a password in each request would be hashed each time."""
    session = requests.Session()
    session.get(f"{ADDRESS}/accounts/login/", timeout=60)
    told = {
        "login": "iso.operator",
        "password": PASSWORD,
        "csrfmiddlewaretoken": session.cookies["csrftoken"],
    }
    page = session.post(f"{ADDRESS}/accounts/login/", told, timeout=60)
    if "sessionid" not in session.cookies:
        raise SystemExit(f"iso.operator cannot sign in at {ADDRESS}: {page.status_code}")
    return session.cookies.get_dict()


def send(content, name):
    """Send a file as an operator; return what was answered, and the seconds it took."""
    began = time.perf_counter()
    answer = requests.post(
        f"{ADDRESS}/api/v1/uploads/send/",
        data={"kind": "metered-demand"},
        files={"file": (name, content)},
        cookies=COOKIES,
        headers={"X-CSRFToken": COOKIES["csrftoken"]},
        timeout=300,
    )
    state = answer.json().get("state") or answer.json().get("code")
    return f"{answer.status_code} {state}", time.perf_counter() - began


def honest(times=5):
    """Return the seconds a small honest file takes: each another, as bytes read are kept."""
    return max(
        send(HONEST.replace(b",5\n", b",%d\n" % (time.time_ns() % 10_000_000)), "small.csv")[1]
        for _ in range(times)
    )


def wait_for_worker():
    """Wait until what was sent has been read, three minutes at most."""
    for _ in range(180):
        page = requests.get(
            f"{ADDRESS}/api/v1/uploads/?state=RECEIVED", cookies=COOKIES, timeout=60
        ).json()
        if not page["count"]:
            return
        time.sleep(1)


def main():
    """Send them all and write the table."""
    made, home = hostile(), env.home()
    COOKIES.update(signed_in())
    before = honest()
    watch = Watch(home)
    watch.start()
    names = [list(made)[n % len(made)] for n in range(WORKBOOKS)]
    began = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        sent = list(
            pool.map(lambda n: send(another(made[names[n]], n), f"{n}.xlsx"), range(WORKBOOKS))
        )
        took = time.perf_counter() - began
        faulty_rows = HEAD + "a\n" * 300_000 + f"{time.time_ns()}\n"
        rows = pool.submit(send, faulty_rows.encode(), "faulty.csv")
        meanwhile = honest(3)
        faulty = rows.result()
        strangers = HEAD + "".join(STRANGER % (n, n % 24 + 1) for n in range(300_000))
        unknown = send(f"{strangers}{time.time_ns()}\n".encode(), "strangers.csv")
    wait_for_worker()
    watch.over.set()
    watch.join()
    answers = Counter(said for said, _ in sent)
    key, most = max(watch.most.items(), key=lambda item: item[1])
    slow = sorted(watch.taken)
    told = [
        (f"{WORKBOOKS} hostile workbooks, {AT_ONCE} at once", f"{took:.1f} s", str(dict(answers))),
        ("300,000 faulty rows", f"{faulty[1]:.1f} s", faulty[0]),
        ("300,000 rows of unknown SCs", f"{unknown[1]:.1f} s", unknown[0]),
        (
            "/health/live at worst",
            f"{slow[-1]:.3f} s",
            f"then {slow[-2]:.3f}, median {slow[len(slow) // 2]:.3f} s",
        ),
        ("small honest file before, at worst of 5", f"{before:.2f} s", ""),
        ("small honest file beside the faulty rows, at worst of 3", f"{meanwhile:.2f} s", ""),
        ("most memory of a process", f"{most:.0f} MB", key),
    ]
    print("| What | Measured | Seen |\n| --- | --- | --- |")
    for words in told:
        print(f"| {' | '.join(words)} |")


if __name__ == "__main__":
    main()
