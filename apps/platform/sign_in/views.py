"""Pages of people, parties, tokens, certificates and the sign-in's surroundings."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import PasswordResetConfirmView
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse, reverse_lazy

from apps.platform.accounts.codes import ADMINS, APPROVERS, ISO_ROLES, PEOPLE_MANAGERS
from apps.platform.accounts.models import Party
from apps.platform.accounts.selectors import parties, users, viewer_of
from apps.platform.audit.selectors import events_of
from apps.platform.clock.selectors import machine_now, site_now
from apps.platform.core.numbers import read_key
from apps.platform.sign_in import selectors, services
from apps.platform.sign_in.adapters import lock_out_sentence
from apps.platform.sign_in.forms import CertificateForm, InviteForm, PartyForm, RolesForm, TokenForm
from apps.platform.sign_in.models import ApiToken, PartyCertificate
from apps.platform.ui.methods import serves
from apps.platform.ui.refusals import refused
from apps.platform.ui.requests import actor_of, admit, posted

REFUSALS = (services.PersonRefused, services.CertificateRefused, services.TokenRefused)


def _managed(request: HttpRequest) -> QuerySet[Party]:
    viewer = admit(request, PEOPLE_MANAGERS)
    return parties(viewer=viewer).order_by("code")


def _try(request: HttpRequest, action: Any, done: str) -> Any:
    """Do something and say so; a refusal becomes a message, never a fault."""
    try:
        result = action()
    except REFUSALS as trouble:
        messages.error(request, str(trouble))
        return None
    messages.success(request, done)
    return result


def _tell_of(request: HttpRequest, mail: services.LinkMail) -> None:
    """Say whether a link went by mail; a failure is an error, with what to do."""
    (messages.info if mail.went else messages.error)(request, mail.sentence)


@login_required
@serves("GET", "POST")
def person(request: HttpRequest, user_id: int) -> HttpResponse:
    """Show a person: roles, sessions, tokens, certificates, history."""
    viewer = admit(request, PEOPLE_MANAGERS)
    user = get_object_or_404(users(viewer=viewer), pk=user_id)
    if user.party is None:
        raise Http404
    held = list(user.memberships.values_list("role", flat=True))
    form = RolesForm(request.POST or None, kind=user.party.kind, initial={"roles": held})
    if request.method == "POST" and form.is_valid():
        asked = _try(
            request,
            lambda: services.set_roles(
                user=user,
                roles=form.cleaned_data["roles"],
                actor=actor_of(request),
                at=site_now(),
            ),
            "Roles saved.",
        )
        if asked is not None:
            messages.info(request, services.role_waits(asked))
        return redirect("person", user.pk)
    return render(
        request,
        "sign_in/person.html",
        {
            "person": user,
            "form": form,
            "sessions": selectors.sessions_of(user),
            "second_factor": selectors.has_second_factor(user),
            "tokens": selectors.tokens(viewer=viewer).filter(user=user),
            "events": events_of(user)[:50],
            "is_self": user.pk == viewer.user_id,
            "waiting": selectors.role_waiting(user),
            "may_decide": viewer.may(APPROVERS),
        },
    )


@login_required
@serves("POST")
def person_active(request: HttpRequest, user_id: int, action: str) -> HttpResponse:
    """Deactivate a person, or let them sign in again."""
    viewer = admit(request, PEOPLE_MANAGERS)
    user = get_object_or_404(users(viewer=viewer), pk=user_id)
    now, actor = site_now(), actor_of(request)
    if action == "activate":
        _try(request, lambda: services.activate(user=user, actor=actor, at=now), "Active again.")
    elif action == "deactivate":
        reason = posted(request, "reason")
        _try(
            request,
            lambda: services.deactivate(user=user, actor=actor, at=now, reason=reason),
            "Deactivated; sessions and tokens have ended.",
        )
    else:
        root = request.build_absolute_uri("/")
        try:
            _tell_of(request, services.renew_link(user=user, actor=actor, at=now, root=root))
        except services.PersonRefused as trouble:
            messages.error(request, str(trouble))
    return redirect("person", user.pk)


@login_required
@serves("GET", "POST")
def invite(request: HttpRequest) -> HttpResponse:
    """Invite a person to an organisation."""
    choices = _managed(request)
    asked = read_key(request.GET.get("party", ""))
    first = choices.filter(pk=asked).first() if asked is not None else None
    form = InviteForm(request.POST or None, parties=choices, initial={"party": first})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            user, sent = services.invite(
                username=data["username"],
                first_name=data["first_name"],
                email=data["email"],
                party=data["party"],
                roles=data["roles"],
                actor=actor_of(request),
                at=site_now(),
                root=request.build_absolute_uri("/"),
            )
        except services.PersonRefused as trouble:
            form.add_error(None, str(trouble))
        else:
            messages.success(request, f"{user.username} is invited.")
            waiting = selectors.role_waiting(user)
            if waiting is not None:
                messages.info(request, services.role_waits(waiting))
            _tell_of(request, sent)
            return redirect("person", user.pk)
    return render(
        request, "ui/form.html", {"form": form, "title": "Invite somebody", "button": "Invite"}
    )


@login_required
def party(request: HttpRequest, party_id: int) -> HttpResponse:
    """Show an organisation: people, machine certificates, history."""
    viewer = admit(request, ISO_ROLES | PEOPLE_MANAGERS)
    found = get_object_or_404(parties(viewer=viewer), pk=party_id)
    manages = selectors.may_manage(viewer, found.pk)
    people = users(viewer=viewer).filter(party=found).prefetch_related("memberships")
    return render(
        request,
        "sign_in/party.html",
        {
            "party": found,
            "people": people.order_by("username"),
            "manages": manages,
            "edits": viewer.may(ADMINS),
            "certificates": selectors.certificates(viewer=viewer).filter(party=found),
            "form": CertificateForm(users=people.filter(is_active=True)) if manages else None,
            "events": events_of(found)[:50],
        },
    )


@login_required
@serves("GET", "POST")
def party_edit(request: HttpRequest, party_id: int = 0) -> HttpResponse:
    """Make or change an organisation."""
    admit(request, ADMINS)
    found = get_object_or_404(Party, pk=party_id) if party_id else None
    initial = (
        {"code": found.code, "name": found.name, "is_active": found.is_active} if found else {}
    )
    form = PartyForm(request.POST or None, initial=initial or None)
    if found:
        form.fields["code"].disabled = True
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            done = services.party_change(
                party=found,
                code=data["code"],
                name=data["name"],
                is_active=data["is_active"],
                actor=actor_of(request),
                at=site_now(),
            )
        except services.PersonRefused as trouble:
            form.add_error(None, str(trouble))
        else:
            return redirect("party", done.pk)
    title = f"Change {found.code}" if found else "New scheduling coordinator"
    return render(request, "ui/form.html", {"form": form, "title": title, "button": "Save"})


@login_required
@serves("POST")
def certificate_add(request: HttpRequest, party_id: int) -> HttpResponse:
    """Sign a machine's request, or register its certificate."""
    found = get_object_or_404(_managed(request), pk=party_id)
    form = CertificateForm(
        request.POST,
        users=users(viewer=viewer_of(request.user)).filter(party=found, is_active=True),
    )
    if not form.is_valid():
        messages.error(request, "Choose whom the machine acts as and paste the PEM text.")
        return redirect("party", party_id)
    text, who, now = form.cleaned_data["pem"], form.cleaned_data["user"], machine_now()
    asked = "REQUEST" in text.partition("\n")[0]
    done = _try(
        request,
        lambda: (
            services.issue_certificate(request_pem=text, user=who, actor=actor_of(request), at=now)
            if asked
            else services.register_certificate(pem=text, user=who, actor=actor_of(request), at=now)
        ),
        "The certificate is registered; the machine may come now.",
    )
    return redirect("certificate-file", done.pk) if done and asked else redirect("party", party_id)


@login_required
def certificate_file(request: HttpRequest, certificate_id: int) -> HttpResponse:
    """Send a certificate as a PEM file."""
    viewer = admit(request, PEOPLE_MANAGERS)
    found = get_object_or_404(selectors.certificates(viewer=viewer), pk=certificate_id)
    response = HttpResponse(found.pem, content_type="application/x-pem-file")
    response["Content-Disposition"] = f'attachment; filename="{found.serial[:16]}.pem"'
    return response


@login_required
@serves("POST")
def certificate_revoke(request: HttpRequest, certificate_id: int) -> HttpResponse:
    """Revoke a certificate."""
    viewer = admit(request, PEOPLE_MANAGERS)
    found: PartyCertificate = get_object_or_404(
        selectors.certificates(viewer=viewer), pk=certificate_id
    )
    _try(
        request,
        lambda: services.revoke_certificate(
            certificate=found,
            actor=actor_of(request),
            at=machine_now(),
            reason=posted(request, "reason"),
        ),
        "Revoked; the machine is refused from now on.",
    )
    return redirect("party", found.party_id)


@login_required
@serves("GET", "POST")
def own_tokens(request: HttpRequest) -> HttpResponse:
    """Make, see and revoke one's own API tokens."""
    form = TokenForm(request.POST or None)
    secret = ""
    actor = actor_of(request)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        _, secret = services.token_make(
            user=actor,
            name=data["name"],
            scopes=data["scopes"],
            days=data["days"],
            actor=actor,
            at=site_now(),
        )
        form = TokenForm()
    return render(
        request,
        "sign_in/tokens.html",
        {
            "form": form,
            "secret": secret,
            "now_": site_now(),
            "tokens": ApiToken.objects.filter(user=actor),
            "live": selectors.live_tokens(user_id=actor.pk, at=site_now()).count(),
        },
    )


@login_required
@serves("POST")
def token_revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    """Revoke a token of one's own, or of somebody one manages."""
    viewer = viewer_of(request.user)
    token = get_object_or_404(selectors.tokens(viewer=viewer), pk=token_id)
    services.token_revoke(token=token, actor=actor_of(request), at=site_now())
    messages.success(request, f"The token {token.name} is revoked.")
    mine = token.user_id == viewer.user_id
    return redirect("own-tokens") if mine else redirect("person", token.user_id)


@login_required
@serves("POST")
def tokens_revoke(request: HttpRequest) -> HttpResponse:
    """Revoke all tokens of one's own, such as after a changed password."""
    actor = actor_of(request)
    ended = services.tokens_end(user=actor, actor=actor, at=site_now())
    messages.success(request, f"Revoked now: {ended}. Programs that used them are refused.")
    return redirect("own-tokens")


class Join(PasswordResetConfirmView):
    """Choose a first password by the invitation's link."""

    template_name = "sign_in/join.html"
    success_url = reverse_lazy("account_login")


def locked_out(request: HttpRequest, *_: Any, **__: Any) -> HttpResponse:
    """Tell somebody that too many attempts failed, and when to try again."""
    return refused(
        request,
        code="API-locked_out",
        heading="Locked for a while",
        sentence=lock_out_sentence(),
        status=429,
        links=[("Forgot your password?", reverse("account_reset_password"))],
    )
