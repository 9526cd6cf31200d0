"""Forms of people, parties, tokens and certificates."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import RegexValidator

from apps.platform.accounts.codes import ISO_ROLES, ROLE_TITLES, SC_ROLES, PartyKind, Role
from apps.platform.accounts.models import Party
from apps.platform.sign_in.codes import MOST_TOKEN_DAYS, SCOPE_TITLES
from apps.platform.ui.form_fields import WholeField

NAME = RegexValidator(r"^[A-Za-z0-9][A-Za-z0-9._-]{1,60}$", "Letters, digits, dot, dash.")
SC_ID = RegexValidator(r"^[A-Z0-9][A-Z0-9_]{1,29}$", "Capital letters, digits and underscores.")


def role_choices(kind: str) -> list[tuple[str, str]]:
    """Return the roles that people of a kind of party can hold."""
    return [
        (r.value, ROLE_TITLES[r])
        for r in Role
        if r in (ISO_ROLES if kind == PartyKind.ISO else SC_ROLES)
    ]


class InviteForm(forms.Form):
    """Whom to invite, where, as what."""

    username = forms.CharField(label="User name", max_length=60, validators=[NAME])
    first_name = forms.CharField(label="First name", max_length=60)
    email = forms.EmailField(
        label="E-mail", required=False, help_text="The link to choose a password goes there."
    )
    party = forms.ModelChoiceField(Party.objects.none(), label="Organisation", empty_label=None)
    roles = forms.MultipleChoiceField(
        choices=[(r.value, ROLE_TITLES[r]) for r in Role], widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, parties: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["party"].queryset = parties  # type: ignore[attr-defined]
        if not any(p.kind == PartyKind.ISO for p in parties):
            self.fields["roles"].choices = role_choices(PartyKind.SC)  # type: ignore[attr-defined]


class RolesForm(forms.Form):
    """The roles a person holds from now on."""

    roles = forms.MultipleChoiceField(
        choices=[], widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].choices = role_choices(kind)  # type: ignore[attr-defined]


class PartyForm(forms.Form):
    """A scheduling coordinator."""

    code = forms.CharField(label="SC ID", max_length=30, validators=[SC_ID])
    name = forms.CharField(max_length=120)
    is_active = forms.BooleanField(
        label="Active",
        required=False,
        initial=True,
        help_text="Without it nobody of this organisation can see anything.",
    )


class TokenForm(forms.Form):
    """An API token of one's own."""

    name = forms.CharField(label="What uses it", max_length=80)
    scopes = forms.MultipleChoiceField(
        choices=[(s.value, f"{s.value}: {text}") for s, text in SCOPE_TITLES.items()],
        widget=forms.CheckboxSelectMultiple,
    )
    days = WholeField(label="Valid for (days)", min_value=1, max_value=MOST_TOKEN_DAYS, initial=90)


class CertificateForm(forms.Form):
    """A machine's certificate: a request to sign, or a certificate to register."""

    user = forms.ModelChoiceField(Party.objects.none(), label="Acts as", empty_label=None)
    pem = forms.CharField(
        label="Request or certificate (PEM)",
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 8, "class": "code", "spellcheck": "false"}),
        help_text="A certificate request is signed here; a certificate of an authority that the "
        "listener trusts is registered as it is.",
    )

    def __init__(self, *args: Any, users: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = users  # type: ignore[attr-defined]
