"""Pages of calculators: the list, and a form for each."""

from __future__ import annotations

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from apps.platform.core.calculator import CALCULATORS, Refused
from apps.platform.ui.methods import serves
from apps.site.calculators import services


def calculator_list(request: HttpRequest) -> HttpResponse:
    """Show what calculators there are."""
    return render(request, "calculators/list.html", {"calculators": list(CALCULATORS)})


@serves("GET", "POST")
def calculator(request: HttpRequest, name: str) -> HttpResponse:
    """Show a calculator with its example, or what it gives for a document."""
    try:
        chosen = services.named(name)
    except services.UnknownCalculator as trouble:
        raise Http404(f"There is no calculator {name}.") from trouble
    text = request.POST.get("document", "") or json.dumps(dict(chosen.example), indent=2)
    result: dict[str, Any] | None = None
    violations: list[Any] = []
    if request.method == "POST":
        try:
            result = services.calculate(name=name, text=text)
        except Refused as trouble:
            violations = trouble.violations
    return render(
        request,
        "calculators/detail.html",
        {
            "c": chosen,
            "text": text,
            "result": result,
            "result_text": json.dumps(result, indent=2) if result else "",
            "violations": violations,
        },
        status=400 if violations else 200,
    )
