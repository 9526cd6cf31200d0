"""The form that takes a document."""

from __future__ import annotations

from django import forms

from apps.platform.documents.codes import PAPER_HELP


class DocumentForm(forms.Form):
    """One file."""

    document = forms.FileField(label="Document", help_text=PAPER_HELP)
