"""Every registry of apps is a Registry, under its app's name, sealed when the product stands."""

from __future__ import annotations

import ast
import importlib
import io
import json
import pkgutil

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

import apps
from apps.platform.core.registry import Registry, RegistryError, registries
from apps.platform.uploads.hooks import UPLOAD_KINDS
from tests.sources import ROOT, nodes, parsed, python_of, text_of

SOURCES = python_of("apps")
GROW = {"append", "add", "extend", "insert", "setdefault", "update"}
# the one list that has to stand below the class, and files kept for a while, with their limit
PLAIN = {"_REGISTRIES", "_KEPT"}


def names_in(target):
    return {n.id for n in ast.walk(target) if isinstance(n, ast.Name)}


def is_container(value):
    made = isinstance(value, ast.Call) and isinstance(value.func, ast.Name)
    return isinstance(value, ast.List | ast.Dict | ast.Set) or (
        made and value.func.id in {"list", "dict", "set", "defaultdict", "OrderedDict"}
    )


def containers(tree):
    """Return the module-level names that hold a list, a dictionary or a set."""
    assigned = [n for n in tree.body if isinstance(n, ast.Assign | ast.AnnAssign) and n.value]
    return {
        name
        for n in assigned
        if is_container(n.value)
        for target in (n.targets if isinstance(n, ast.Assign) else [n.target])
        for name in names_in(target)
    }


def grown(function):
    """Return the names whose value a function adds to, none of its own among them."""
    own = {a.arg for a in [*function.args.args, *function.args.kwonlyargs]} | {
        n.id for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
    }
    found = set()
    for node in ast.walk(function):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in GROW
        ):
            base = node.func.value
        elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
            base = node.value
        else:
            continue
        while isinstance(base, ast.Subscript | ast.Call | ast.Attribute):
            base = base.func if isinstance(base, ast.Call) else base.value
        if isinstance(base, ast.Name):
            found.add(base.id)
    return found - own


def hand_made(source):
    kept = containers(parsed(source))
    functions = [n for n in nodes(source) if kept and isinstance(n, ast.FunctionDef)]
    return sorted({name for f in functions for name in grown(f) & kept} - PLAIN)


def test_no_module_keeps_a_registry_of_its_own():
    found = {str(p.relative_to(ROOT)): hand_made(text_of(p)) for p in SOURCES}
    assert {place: names for place, names in found.items() if names} == {}


@pytest.mark.parametrize(
    "source",
    [
        "K: dict[str, int] = {}\ndef register(k):\n    K[k.code] = k",
        "K = []\ndef watch(w):\n    if w not in K:\n        K.append(w)",
        "K = dict()\ndef on(code, w):\n    K.setdefault(code, []).append(w)",
        "K: list[int] = []\ndef use(send):\n    K[:] = [send]",
        'K = {"a": 1}\ndef exempt(label, reason):\n    K[label] = reason',
    ],
)
def test_a_hand_made_registry_is_seen(source):
    assert hand_made(source) == ["K"]


def test_what_a_function_makes_for_itself_is_none():
    assert hand_made("K = {}\ndef f():\n    K = {}\n    K['a'] = 1\n    return K") == []


def places():
    """Return (path, name) of every registry that a module makes."""
    for path in SOURCES:
        for node in nodes(text_of(path)):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Registry" and node.args:
                yield path, ast.literal_eval(node.args[0])


def test_every_registry_begins_with_the_name_of_its_app_and_is_known():
    found = list(places())
    assert sorted(name for _, name in found) == [r.name for r in registries()]
    wrong = [n for p, n in found if n.split(".")[0] != p.relative_to(ROOT / "apps").parts[1]]
    assert wrong == []
    assert [r.name for r in registries() if not r.meaning.endswith(".")] == []


def test_every_registry_is_filled_and_sealed_when_the_product_stands():
    assert settings.INSTALLED_APPS[-1] == "rmrcpm"
    assert [r.name for r in registries() if not len(r)] == []
    assert [r.name for r in registries() if not r.is_sealed] == [
        "core.implementations",
        "core.parameters_asked",
    ]


def test_nothing_registers_late():
    before = {r.name: len(r) for r in registries() if r.is_sealed}
    for module in pkgutil.walk_packages(apps.__path__, "apps."):
        if ".migrations" not in module.name:
            importlib.import_module(module.name)
    assert {r.name: len(r) for r in registries() if r.is_sealed} == before


def test_a_kind_is_added_once_and_not_after_the_start():
    kind = UPLOAD_KINDS["nqc-list"]
    words = r"^uploads\.kinds has nqc-list already, from .*apps/reference/resources/apps\.py:\d+\.$"
    with pytest.raises(RegistryError, match=words):
        UPLOAD_KINDS.register(kind)
    words = r"^uploads\.kinds is sealed: register while the product starts\.$"
    with pytest.raises(RegistryError, match=words):
        UPLOAD_KINDS.register(kind, key="another")


def hooks(*arguments):
    out = io.StringIO()
    call_command("hooks", *arguments, stdout=out)
    return out.getvalue()


def line_of(file, text):
    lines = (ROOT / file).read_text().splitlines()
    (number,) = [n for n, line in enumerate(lines, 1) if text in line]
    return number


def test_the_command_names_who_registered_what_at_which_line():
    file = "apps/reliability/designations/apps.py"
    place = f"{file}:{line_of(file, 'PMAX_GUARDS.register(')}"
    guard = "apps.reliability.designations.services.pmax.pmax_guard"
    first, second = hooks("resources.pmax").splitlines()
    assert first.startswith("resources.pmax_guards (1, sealed): Asked which changes of Pmax")
    assert second == f"    {guard}  {guard}  {place}"


def test_the_command_gives_json_and_finds_words():
    (found,) = json.loads(hooks("core.calculators", "--words", "availability-hours", "--json"))
    file = "apps/adequacy/availability/apps.py"
    (entry,) = found["entries"]
    assert (found["name"], found["takes"]) == ("core.calculators", "Calculator")
    assert (entry["key"], entry["file"]) == ("availability-hours", file)
    above = (ROOT / file).read_text().splitlines()[entry["line"] - 1]
    assert above.strip() == "CALCULATORS.register(AVAILABILITY_HOURS)"


def test_an_unknown_name_is_told_with_those_there_are():
    with pytest.raises(CommandError, match=r"There are accounts\.open_tables, accounts\.row_"):
        hooks("nobody")


def test_the_page_lists_registries_and_the_entries_of_one(client, db):
    page = client.get("/registries/").content.decode()
    assert page.count("<tr>") == len(registries()) + 1
    assert '<a href="?registry=uploads.kinds">uploads.kinds</a>' in page
    page = client.get("/registries/?registry=resources.pmax_guards").content.decode()
    assert "apps/reliability/designations/apps.py:" in page
    assert page.count("<tr>") == 2
    page = client.get("/registries/?registry=uploads.kinds&q=nqc-list").content.decode()
    assert page.count("<tr>") == 2
    assert "apps/reference/resources/apps.py:" in page


def test_the_type_of_a_registry_is_held():
    with pytest.raises(RegistryError, match=r"^uploads\.kinds takes UploadKind, not 'nqc-list'\.$"):
        UPLOAD_KINDS.register("nqc-list")
    assert isinstance(UPLOAD_KINDS, Registry)
