"""The form to send a file."""

from __future__ import annotations

from django import forms

from apps.uploads.terms import UploadKind


class UploadForm(forms.Form):
    """A file, the options of its kind, and a note."""

    file = forms.FileField(
        label="File", help_text="CSV (UTF-8) or XLSX. Headings stand in the first row.",
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx,text/csv"}),
        allow_empty_file=True,
    )  # fmt: skip

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
