"""PDF from a template of ours and plain data: tagged for readers, the same bytes each time."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings

from apps.platform.core.unseen import shown


def pdf(template: str, data: dict[str, Any]) -> bytes:
    """Return a PDF/UA document of ``templates/platform/pdf/<template>.typ`` filled with JSON data.

    The compiler is imported late: a process that has compiled must not fork afterwards.
    """
    import typst

    folder = settings.BASE_DIR / "templates" / "platform" / "pdf"
    made: bytes = typst.compile(
        str(folder / f"{template}.typ"),
        root=str(folder),
        sys_inputs={"data": shown(json.dumps(data, ensure_ascii=False))},
        pdf_standards=["ua-1"],
        ignore_system_fonts=True,
    )
    return made
