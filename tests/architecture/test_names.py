"""One meaning a word: no second class of a name in the apps, no word that the glossary replaced."""

import ast
import re
from collections import defaultdict

from tests.sources import ROOT, nodes, parsed, python_of, text_of

SOURCES = python_of("apps")
FRAMEWORK = {"Command", "Meta"}  # names that Django itself looks for
# what the glossary has another word for; a name in code may not be one of these
REPLACED = {
    "Wish": "…Input",
    "Refusal": "ValidationFailed",
    "Reckoning": "Formula",
    "CaseDesk": "Workflow",
    "Opening": "CreateForm",
    "Hand": "Approval",
    "gathering": "inputs",
    "over_the_wall": "bypass_rls",
    "behind_the_wall": "as_party",
    "witness": "published_tables",
    "reckoning": "formula",
    "wish": "given",
    "marketview": "market_payloads",
}
GONE = {"terms.py": "codes.py or hooks.py", "records.py": "layouts.py", "gathering.py": "inputs.py"}


def classes(text: str) -> list[str]:
    """Return the classes a module defines at its top."""
    return [n.name for n in parsed(text).body if isinstance(n, ast.ClassDef)]


def names(text: str) -> set[str]:
    """Return every name that code gives or uses."""
    found = set()
    for node in nodes(text):
        for field in ("name", "id", "attr", "arg"):
            if isinstance(value := getattr(node, field, None), str):
                found.add(value)
    return found


def doubled(modules: dict[str, str]) -> dict[str, list[str]]:
    """Return names of classes that several modules define, with the modules."""
    where = defaultdict(list)
    for module, text in modules.items():
        for name in classes(text):
            if name not in FRAMEWORK:
                where[name].append(module)
    return {name: found for name, found in where.items() if len(found) > 1}


def test_no_two_classes_of_the_apps_have_one_name():
    assert doubled({str(p.relative_to(ROOT)): text_of(p) for p in SOURCES}) == {}


def test_a_second_class_of_a_name_is_seen():
    twice = {"a.py": "class Step: ...", "b.py": "class Step: ...\nclass Command: ...", "c.py": ""}
    assert doubled(twice) == {"Step": ["a.py", "b.py"]}


def test_no_name_is_a_word_that_the_glossary_replaced():
    used = {
        f"{path.relative_to(ROOT)}: {word}, now {REPLACED[word]}"
        for path in SOURCES
        for word in names(text_of(path)) & set(REPLACED)
    }
    assert sorted(used) == []
    assert names("def wish(): ...") & set(REPLACED) == {"wish"}


def test_no_file_is_called_what_the_glossary_replaced():
    assert [str(p) for p in SOURCES if p.name in GONE] == []


def test_the_glossary_has_each_word_once_and_names_what_exists():
    text = (ROOT / "docs" / "glossary.md").read_text()
    rows = [line.split("|")[1:-1] for line in text.splitlines() if line.startswith("| ")]
    words = [word.strip() for row in rows for word in re.split(r", (?=[a-zA-Z])", row[0].strip())]
    words = [word for word in words if word not in {"Term", "---"}]
    assert sorted(words) == sorted(set(words))
    folders = {p.name for p in (ROOT / "apps").glob("*/*") if p.is_dir()}
    folders |= {p.name for p in (ROOT / "apps").iterdir()} | {"docs", "every"}
    for row in rows:
        for place in re.findall(r"`([a-z_]+)[.`]", row[-1]) if len(row) == 3 else []:
            assert place in folders, (row[0], place)
