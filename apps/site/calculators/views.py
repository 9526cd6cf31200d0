"""Pages of calculators: the list, and a form for each."""

from __future__ import annotations

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from apps.platform.kernel.calculator import CALCULATORS, Refused
from apps.site.calculators import services


def calculator_list(request: HttpRequest) -> HttpResponse:
    """Show what calculators there are."""
    return render(request, "calculators/list.html", {"calculators": list(CALCULATORS)})


def calculator(request: HttpRequest, name: str) -> HttpResponse:
    """Show a calculator with its example, or what it gives for a document."""
    try:
        chosen = services.named(name)
    except services.UnknownCalculator as trouble:
        raise Http404(f"There is no calculator {name}.") from trouble
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
