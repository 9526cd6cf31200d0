"""Pages of calculators: the list, and a form for each."""

from __future__ import annotations

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from apps.platform.kernel.calculator import Refused
from apps.site.calculators import services
from apps.site.calculators.terms import CALCULATORS


def calculator_list(request: HttpRequest) -> HttpResponse:
    """Show what calculators there are."""
    return render(request, "calculators/list.html", {"calculators": CALCULATORS.values()})


def calculator(request: HttpRequest, name: str) -> HttpResponse:
    """Show a calculator with its example, or what it gives for a document."""
    if name not in CALCULATORS:
        raise Http404(f"There is no calculator {name}.")
    chosen = CALCULATORS[name]
    text = request.POST.get("document", "") or json.dumps(dict(chosen.example), indent=2)
    result: dict[str, Any] | None = None
    findings: list[Any] = []
    if request.method == "POST":
        try:
            result = services.calculate(name=name, text=text)
        except Refused as trouble:
            findings = trouble.findings
    return render(
        request,
        "calculators/detail.html",
        {
            "c": chosen,
            "text": text,
            "result": result,
            "result_text": json.dumps(result, indent=2) if result else "",
            "findings": findings,
        },
        status=400 if findings else 200,
    )
