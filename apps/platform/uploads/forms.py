"""The form to send a file."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

from django import forms

from apps.platform.core.violations import Violation
from apps.platform.ui.form_fields import DayField, WholeField
from apps.platform.uploads.hooks import UploadKind


class AnyFileForm(forms.Form):
    """A file of any kind, dropped or chosen; its kind is known by its headings."""

    file = forms.FileField(
        label="File",
        help_text="CSV (UTF-8), XLSX or a ZIP with one of them. Its headings tell its kind.",
        widget=forms.ClearableFileInput(
            attrs={"accept": ".csv,.tsv,.txt,.xlsx,.xml,.zip,text/csv"}
        ),
        allow_empty_file=True,
        error_messages={"required": "Choose a file, or drop one here."},
    )

    def problems(self) -> list[Violation]:
        """What is wrong with the form, as violations."""
        return [Violation("UP-NOTHING", str(e)) for errors in self.errors.values() for e in errors]

    def received(self) -> tuple[str, int, Callable[[], bytes]]:
        """Return the name, the size and a way to the bytes of what was sent."""
        file = self.cleaned_data["file"]
        return file.name, file.size, file.read


class UploadForm(forms.Form):
    """A file or pasted cells, the options of its kind, and a note."""

    file = forms.FileField(
        label="File",
        help_text="CSV (UTF-8), XLSX or a ZIP with one of them. A title above does no harm.",
        widget=forms.ClearableFileInput(
            attrs={"accept": ".csv,.tsv,.txt,.xlsx,.xml,.zip,text/csv"}
        ),
        allow_empty_file=True,
        required=False,
    )
    pasted = forms.CharField(
        label="or cells pasted from a spreadsheet",
        required=False,
        max_length=2_000_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4, "class": "code small", "spellcheck": "false"}),
        help_text="Copy them together with their headings.",
    )

    kept = forms.CharField(required=False, widget=forms.HiddenInput, max_length=3_000_000)
    kept_name = forms.CharField(required=False, widget=forms.HiddenInput, max_length=200)

    def clean_kept(self) -> bytes:
        """The bytes of a file that was sent before its kind was known."""
        try:
            return base64.b64decode(self.cleaned_data["kept"], validate=True)
        except ValueError:
            raise forms.ValidationError("Choose the file again.") from None

    def clean(self) -> dict[str, Any]:
        """One of the two is needed, unless a file is kept."""
        data = super().clean() or {}
        if data.get("kept"):
            return data
        if data.get("file") is None and not (data.get("pasted") or "").strip():
            self.add_error("file", "Choose a file, drop one here, or paste cells below.")
        return data

    def received(self) -> tuple[str, int, Callable[[], bytes]]:
        """Return the name, the size and a way to the bytes of what was sent."""
        file = self.cleaned_data["file"]
        if file is not None:
            return file.name, file.size, file.read
        kept = self.cleaned_data.get("kept")
        if kept:
            return self.cleaned_data["kept_name"] or "file", len(kept), lambda: kept
        content = self.cleaned_data["pasted"].replace("\r\n", "\n").encode()
        return "pasted.tsv", len(content), lambda: content

    def __init__(self, *args: object, kind: UploadKind, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for option in kind.asked:
            if option.type == "year":
                field: forms.Field = WholeField(min_value=2000, max_value=2100)
            elif option.type == "choice":
                blank = [("", option.blank)] if option.optional and option.blank else []
                field = forms.ChoiceField(choices=[*blank, *option.choices])
            else:
                field = DayField()
            field.label, field.help_text = option.label, option.help
            field.required = not option.optional
            self.fields[f"option_{option.name}"] = field
        self.fields["note"] = forms.CharField(
            required=False, max_length=500, label="Note", help_text="Kept with the upload."
        )

    def options(self) -> dict[str, str]:
        """Return the options as texts."""
        prefix = "option_"
        return {
            name.removeprefix(prefix): str(value)
            for name, value in self.cleaned_data.items()
            if name.startswith(prefix)
        }
