"""The form that takes a paper."""

from __future__ import annotations

from django import forms

from apps.platform.documents.terms import PAPER_HELP


class PaperForm(forms.Form):
    """One file."""

    document = forms.FileField(label="Document", help_text=PAPER_HELP)
