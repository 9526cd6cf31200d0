"""Gates over the whole tree: kinds of row, traceability, sizes, screens, parameters."""

from __future__ import annotations

import ast
import re
from decimal import Decimal

import pytest
from django.apps import apps
from django.db import models

from apps.platform.audit import selectors as audit
from apps.platform.audit.apps import every_model_has_a_kind
from apps.platform.audit.models import Case, EffectiveDated
from apps.platform.core.effective import declared
from apps.platform.core.quantity import COST, dollars
from apps.platform.parameters.models import ParameterValue
from apps.platform.runs.models import Result
from apps.platform.uploads.models import Fact
from apps.site.requirements.rules import Requirement, gaps
from apps.site.requirements.selectors import catalogue, code_by_id
from apps.site.requirements.selectors import tests_by_id as proofs_by_id
from tests.sources import ROOT, parsed, python_of, text_of

SOURCES = python_of("apps", "rmrcpm")


def concrete(kind):
    return [
        m for m in apps.get_models() if issubclass(m, kind) and m.__module__.startswith("apps.")
    ]


def triggers(model):
    return {t.name for t in model._meta.triggers} if hasattr(model._meta, "triggers") else set()


def test_every_model_is_one_of_the_four_kinds():
    assert every_model_has_a_kind(None) == []


def test_a_model_without_a_kind_is_refused(monkeypatch):
    class Stray(models.Model):
        class Meta:
            app_label = "home"

    Stray.__module__ = "apps.site.home.models"
    try:
        assert "home.Stray" in audit.models_without_a_kind()
        assert every_model_has_a_kind(None)[0].id == "audit.E001"
    finally:
        del apps.all_models["home"]["stray"]
        apps.clear_cache()


@pytest.mark.parametrize("model", concrete(Fact) + concrete(Result), ids=lambda m: m.__name__)
def test_facts_and_results_are_append_only(model):
    assert "append_only" in triggers(model)


@pytest.mark.parametrize("model", concrete(EffectiveDated), ids=lambda m: m.__name__)
def test_terms_are_guarded_and_keep_history(model):
    assert {"never_deleted", "only_known_closes", "closed_stays_closed"} <= triggers(model)
    names = {c.name for c in model._meta.constraints}
    assert any("one_value_at_a_time" in n for n in names)
    assert any("two_people" in n for n in names)
    assert any(r.related_model.__name__.endswith("Event") for r in model._meta.related_objects)


@pytest.mark.parametrize("model", concrete(Case), ids=lambda m: m.__name__)
def test_cases_move_only_as_their_table_says(model):
    assert {"only_allowed_moves", "never_deleted", "starts_at_the_start"} <= triggers(model)
    assert model.STATES.initial in model.STATES.names


def test_the_triangle_of_catalogue_code_and_tests_is_closed():
    assert gaps(catalogue(), coded=code_by_id(), tested=proofs_by_id()) == []


def test_the_gate_names_every_kind_of_gap():
    rows = [
        Requirement("A", "", "", "", "", "", "built", code=("x",)),
        Requirement("B", "", "", "", "", "", "removed", code=("x",)),
        Requirement("C", "", "", "", "", "", "perhaps"),
        Requirement("D", "", "", "", "deferred", "", "built", code=("x",), tests=("y",)),
        Requirement("E", "", "", "", "deferred", "", "built", "kept", code=("x",), tests=("y",)),
    ]
    found = gaps(rows, coded=["A", "B", "Z"], tested=["Y"])
    assert found == [
        "A is built: coded=True, tested=False",
        "B is removed but has code: x",
        "C has the unknown disposition 'perhaps'",
        "D is built though it was put off, and no note says how",
        "Y is named in tests but not in the catalogue",
        "Z is named in code but not in the catalogue",
    ]


def test_the_catalogue_holds_every_id_of_the_specification():
    rows = catalogue()
    assert len(rows) == len({r.id for r in rows}) == 121
    assert all(r.text and r.title for r in rows)


@pytest.mark.django_db
def test_every_declared_parameter_has_values_with_references():
    for parameter in declared():
        values = ParameterValue.objects.filter(name=parameter.name)
        assert values.exists(), parameter.name
        assert all(parameter.read(v.text) is not None and v.reference for v in values)


def test_the_formatter_is_never_switched_off():
    switched = re.compile(r"#\s*(fmt|yapf):\s*(skip|off|on)")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for folder in ("apps", "rmrcpm", "tests")
        for path in sorted((ROOT / folder).rglob("*.py"))
        for number, line in enumerate(text_of(path).splitlines(), start=1)
        if switched.search(line)
    ]
    assert found == []


def test_a_file_has_one_subject_and_says_it():
    assert len(SOURCES) > 700
    long = [p for p in SOURCES if len(text_of(p).splitlines()) > 400]
    silent = [p for p in SOURCES if (t := text_of(p)).strip() and not ast.get_docstring(parsed(t))]
    assert ([*map(str, long)], [*map(str, silent)]) == ([], []), "too long; not said what they are"


def test_public_functions_say_what_they_mean():
    silent = []
    for path in SOURCES:
        tree = parsed(text_of(path))
        classes = [n for n in tree.body if isinstance(n, ast.ClassDef)]
        for node in [*tree.body, *(m for c in classes for m in c.body)]:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                inner = node.name in {
                    "Meta",
                    "get",
                    "post",
                    "patch",
                    "search",
                    "stop",
                    "View",
                    "ready",
                }
                if not inner and not ast.get_docstring(node):
                    silent.append(f"{path.relative_to(ROOT)}:{node.name}")
    assert silent == []


def test_every_scheduled_task_exists():
    from rmrcpm.celery import app
    from rmrcpm.schedule import BEAT_SCHEDULE

    app.loader.import_default_modules()
    assert {entry["task"] for entry in BEAT_SCHEDULE.values()} <= set(app.tasks)


# an amount is written by ``dollars`` and its kin alone; "$/MWh" and "($)" are units, not amounts
IN_TEMPLATES = re.compile(r"\$\s?\{\{|\}\}(?:</b>)?\s?\$(?!/)|<span>\$\s|\{[{%][^}]*unit_sign")
IN_CODE = re.compile(r"\} \$(?!/)|(?<![\\\[(^])\$\{")


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("{{ a|usd }} $", True),
        ("<b>${{ a|usd }}</b>", True),
        ("$ {{ a }}", True),
        ("<b>{{ a|usd }}</b><span>$ paid</span>", True),
        ("{{ price }} $/MWh", False),
        ("<th>Amount ($)</th><td>{{ a|usd }}</td>", False),
        ("{{ a|dollars }}", False),
    ],
)
def test_a_dollar_sign_beside_a_number_is_found(text, wrong):
    assert bool(IN_TEMPLATES.search(text)) is wrong


def test_amounts_are_written_in_one_way():
    """No template and no sentence of the code puts a dollar sign to a number itself."""
    pages = list((ROOT / "templates").rglob("*.html"))
    found = [p.name for p in pages if IN_TEMPLATES.search(p.read_text())]
    found += [
        str(p.relative_to(ROOT))
        for p in SOURCES
        if p.name != "quantity.py" and IN_CODE.search(text_of(p))
    ]
    assert found == []
    assert dollars(Decimal("12450")) == "$12,450.00"
    assert dollars(Decimal("-831.37")) == "-$831.37"
    assert dollars(Decimal("0.123456"), COST) == "$0.123456"
