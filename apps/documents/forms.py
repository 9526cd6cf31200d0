"""The form that takes a paper."""

from __future__ import annotations

from django import forms

from apps.documents.terms import MOST_BYTES, TAKEN


class PaperForm(forms.Form):
    """One file."""

    document = forms.FileField(
        label="Document", help_text=f"{TAKEN}, at most {MOST_BYTES // 1024 // 1024} MB"
    )
