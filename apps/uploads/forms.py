"""The form to send a file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms

from apps.uploads.terms import UploadKind


class UploadForm(forms.Form):
    """A file or pasted cells, the options of its kind, and a note."""

    file = forms.FileField(
        label="File", help_text="CSV (UTF-8) or XLSX. A title above the headings does no harm.",
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,text/csv"}),
        allow_empty_file=True, required=False,
    )  # fmt: skip
    pasted = forms.CharField(
        label="or cells pasted from a spreadsheet", required=False, max_length=2_000_000,
        strip=False, widget=forms.Textarea(attrs={"rows": 4, "class": "code small",
                                                  "spellcheck": "false"}),
        help_text="Copy them together with their headings.",
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """One of the two is needed."""
        data = super().clean() or {}
        if data.get("file") is None and not (data.get("pasted") or "").strip():
            self.add_error("file", "Choose a file, drop one here, or paste cells below.")
        return data

    def received(self) -> tuple[str, int, Callable[[], bytes]]:
        """Return the name, the size and a way to the bytes of what was sent."""
        file = self.cleaned_data["file"]
        if file is not None:
            return file.name, file.size, file.read
        content = self.cleaned_data["pasted"].replace("\r\n", "\n").encode()
        return "pasted.tsv", len(content), lambda: content

    def __init__(self, *args: object, kind: UploadKind, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for option in kind.options:
            if option.type == "year":
                field: forms.Field = forms.IntegerField(min_value=2000, max_value=2100)
            else:
                field = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))
            field.label, field.help_text = option.label, option.help
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
