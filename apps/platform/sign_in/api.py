"""The API of people and tokens."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.platform.accounts.codes import PEOPLE_MANAGERS, SIGNED_IN, Role
from apps.platform.accounts.models import User
from apps.platform.accounts.selectors import parties, users, viewer_of
from apps.platform.clock.selectors import machine_now, site_now
from apps.platform.sign_in import selectors, services
from apps.platform.sign_in.codes import MOST_TOKEN_DAYS, TokenScope
from apps.platform.sign_in.models import ApiToken, PartyCertificate
from apps.platform.sign_in.services import idempotency
from apps.platform.ui.api import api_viewer, refuse
from apps.platform.ui.bodies import body_of_request
from apps.platform.ui.requests import actor_of
from apps.platform.ui.serializers import KnownChoiceField

ROLES = [r.value for r in Role]


class PersonSerializer(serializers.ModelSerializer[User]):
    """A person and the roles held."""

    party = serializers.CharField(source="party.code")
    roles = serializers.SerializerMethodField()
    roles_waiting = serializers.SerializerMethodField()

    class Meta:
        model = User
        fields = (
            "id",
            "username",
            "first_name",
            "email",
            "party",
            "is_active",
            "roles",
            "roles_waiting",
        )

    def get_roles(self, user: User) -> list[str]:
        """The roles held."""
        return sorted(user.memberships.values_list("role", flat=True))

    def get_roles_waiting(self, user: User) -> list[str]:
        """The roles that decide, which wait for a second person to give them."""
        asked = selectors.role_waiting(user)
        return [] if asked is None else list(asked.roles)


class InviteSerializer(serializers.Serializer[Any]):
    """Whom to invite."""

    username = serializers.RegexField(r"^[A-Za-z0-9][A-Za-z0-9._-]{1,60}$")
    first_name = serializers.CharField(max_length=60)
    email = serializers.EmailField(required=False, allow_blank=True)
    party = serializers.CharField(max_length=30)
    roles = serializers.ListField(child=KnownChoiceField(choices=ROLES))


class InvitedSerializer(serializers.Serializer[Any]):
    """The person made, whether the link to choose a password went, and where or what to do."""

    person = PersonSerializer()
    delivered = serializers.BooleanField()
    sent = serializers.CharField()


class ChangeSerializer(serializers.Serializer[Any]):
    """New roles, or whether the person may sign in, with the reason."""

    roles = serializers.ListField(child=KnownChoiceField(choices=ROLES), required=False)
    is_active = serializers.BooleanField(required=False)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=300)


class InviteApi(APIView):
    """Invite a person."""

    mails_after_commit = True

    @extend_schema(
        operation_id="person_invite",
        tags=["control"],
        request=InviteSerializer,
        responses={201: InvitedSerializer},
        examples=[
            OpenApiExample(
                "a reader",
                request_only=True,
                value={
                    "username": "sc.reader",
                    "first_name": "Kim",
                    "party": "YOUR_SC",
                    "roles": ["SC_READER"],
                },
            )
        ],
    )
    def post(self, request: Request) -> Response:
        viewer = api_viewer(request, PEOPLE_MANAGERS)
        data = body_of_request(request, InviteSerializer)
        party = get_object_or_404(parties(viewer=viewer), code=data["party"])
        try:
            user, mail = services.invite(
                username=data["username"],
                first_name=data["first_name"],
                email=data.get("email", ""),
                party=party,
                roles=data["roles"],
                actor=actor_of(request),
                at=site_now(),
                root=request.build_absolute_uri("/"),
                made=lambda user: idempotency.keep_early(
                    getattr(request._request, "keyed_write", None),
                    _invited(user, services.not_known(user)),
                ),
            )
        except services.PersonRefused as trouble:
            return refuse("PERSON-REFUSED", str(trouble), 409)
        return Response(_invited(user, mail), status=201)


def _invited(user: User, mail: services.LinkMail) -> dict[str, Any]:
    said = {"delivered": mail.went, "sent": mail.where if mail.went else mail.sentence}
    return {"person": PersonSerializer(user).data, **said}


class PersonApi(APIView):
    """One person: look, change roles, deactivate."""

    def _person(self, request: Request, user_id: int) -> User:
        viewer = api_viewer(request, PEOPLE_MANAGERS)
        return get_object_or_404(users(viewer=viewer).filter(party__isnull=False), pk=user_id)

    @extend_schema(operation_id="person_show", tags=["control"], responses={200: PersonSerializer})
    def get(self, request: Request, user_id: int) -> Response:
        return Response(PersonSerializer(self._person(request, user_id)).data)

    @extend_schema(
        operation_id="person_change",
        tags=["control"],
        request=ChangeSerializer,
        responses={200: PersonSerializer},
    )
    def patch(self, request: Request, user_id: int) -> Response:
        user = self._person(request, user_id)
        data = body_of_request(request, ChangeSerializer)
        actor, now = actor_of(request), site_now()
        try:
            if "roles" in data:
                services.set_roles(user=user, roles=data["roles"], actor=actor, at=now)
            if data.get("is_active") is False:
                services.deactivate(user=user, actor=actor, at=now, reason=data.get("reason", ""))
            elif data.get("is_active"):
                services.activate(user=user, actor=actor, at=now)
        except services.PersonRefused as trouble:
            return refuse("PERSON-REFUSED", str(trouble), 409)
        return Response(PersonSerializer(user).data)


class MakeSerializer(serializers.Serializer[Any]):
    """A token to make."""

    name = serializers.CharField(max_length=80)
    scopes = serializers.ListField(
        child=KnownChoiceField(choices=[s.value for s in TokenScope]), allow_empty=False
    )
    days = serializers.IntegerField(min_value=1, max_value=MOST_TOKEN_DAYS, default=90)


class TokenSerializer(serializers.ModelSerializer[ApiToken]):
    """A token without its secret."""

    class Meta:
        model = ApiToken
        fields = ("id", "name", "prefix", "scopes", "created_at", "expires_at", "revoked_at")


class MadeSerializer(TokenSerializer):
    """A token with its secret, the one time it is shown."""

    secret = serializers.CharField(required=False)

    class Meta(TokenSerializer.Meta):
        fields = (*TokenSerializer.Meta.fields, "secret")  # type: ignore[assignment]


def _token_of(request: Request) -> ApiToken | None:
    found: ApiToken | None = getattr(request._request, "header_token", None)
    return found


def _by_machine(request: Request) -> bool:
    """Whether a machine's certificate brought the request."""
    return bool(getattr(request._request, "header_certificate", None))


class TokensApi(APIView):
    """Make a token of one's own."""

    answers_with_secret = True

    @extend_schema(
        operation_id="token_make",
        tags=["control"],
        request=MakeSerializer,
        responses={201: MadeSerializer},
        examples=[
            OpenApiExample(
                "a token to read",
                request_only=True,
                value={"name": "nightly download", "scopes": ["read"], "days": 90},
            )
        ],
    )
    def post(self, request: Request) -> Response:
        api_viewer(request, SIGNED_IN)
        data = body_of_request(request, MakeSerializer)
        actor = actor_of(request)
        if _by_machine(request):
            return refuse(
                "TOKEN-REFUSED",
                "A machine cannot make an API token, which would outlive its certificate. The "
                "person it acts as makes one under Account, API tokens.",
                403,
            )
        try:
            token, secret = services.token_make(
                user=actor,
                name=data["name"],
                scopes=data["scopes"],
                days=data["days"],
                actor=actor,
                at=site_now(),
                by_token=_token_of(request),
            )
        except services.TokenTooWide as trouble:
            return refuse("TOKEN-REFUSED", str(trouble), 403)
        except services.TokenRefused as trouble:
            return refuse("TOKEN-REFUSED", str(trouble), 400)
        return Response({**TokenSerializer(token).data, "secret": secret}, status=201)


class TokenRevokeApi(APIView):
    """Revoke a token."""

    @extend_schema(
        operation_id="token_revoke",
        tags=["control"],
        request=None,
        responses={200: TokenSerializer},
    )
    def post(self, request: Request, token_id: int) -> Response:
        viewer = api_viewer(request, SIGNED_IN)
        token = get_object_or_404(selectors.tokens(viewer=viewer), pk=token_id)
        services.token_revoke(token=token, actor=actor_of(request), at=site_now())
        return Response(TokenSerializer(token).data)


class CertificateSerializer(serializers.ModelSerializer[PartyCertificate]):
    """A machine's certificate."""

    party = serializers.CharField(source="party.code")
    acts_as = serializers.CharField(source="user.username")

    class Meta:
        model = PartyCertificate
        fields = (
            "id",
            "party",
            "acts_as",
            "serial",
            "fingerprint",
            "pem",
            "not_after",
            "revoked_at",
        )


class IssueSerializer(serializers.Serializer[Any]):
    """A request to sign, and whom the machine acts as."""

    acts_as = serializers.CharField(max_length=60)
    request_pem = serializers.CharField(max_length=20_000)


class RevokeSerializer(serializers.Serializer[Any]):
    """Why a certificate is revoked."""

    reason = serializers.CharField(max_length=300)


class CertificatesApi(APIView):
    """Sign a machine's request."""

    decides = frozenset({"issue"})

    @extend_schema(
        operation_id="certificate_issue",
        tags=["control"],
        request=IssueSerializer,
        responses={201: CertificateSerializer},
    )
    def post(self, request: Request) -> Response:
        viewer = api_viewer(request, PEOPLE_MANAGERS)
        if _by_machine(request):
            return refuse(
                "CERT-REFUSED",
                "A machine cannot issue a certificate, which would outlive its own. Sign in to "
                "issue it.",
                403,
            )
        if _token_of(request) is not None:  # a certificate acts with all scopes, for years
            return refuse(
                "CERT-REFUSED",
                "An API token cannot issue a certificate, which would "
                "do more and last longer than the token. Sign in to issue it.",
                403,
            )
        data = body_of_request(request, IssueSerializer)
        user = get_object_or_404(users(viewer=viewer), username=data["acts_as"])
        try:
            made = services.issue_certificate(
                request_pem=data["request_pem"],
                user=user,
                actor=actor_of(request),
                at=machine_now(),
            )
        except services.CertificateRefused as trouble:
            return refuse("CERT-REFUSED", str(trouble))
        return Response(CertificateSerializer(made).data, status=201)


class CertificateRevokeApi(APIView):
    """Revoke a machine's certificate."""

    @extend_schema(
        operation_id="certificate_revoke",
        tags=["control"],
        request=RevokeSerializer,
        responses={200: CertificateSerializer},
    )
    def post(self, request: Request, certificate_id: int) -> Response:
        viewer = api_viewer(request, PEOPLE_MANAGERS)
        found = get_object_or_404(selectors.certificates(viewer=viewer), pk=certificate_id)
        body = body_of_request(request, RevokeSerializer)
        try:
            found = services.revoke_certificate(
                certificate=found,
                actor=actor_of(request),
                at=machine_now(),
                reason=body["reason"],
            )
        except services.CertificateRefused as trouble:
            return refuse("CERT-REFUSED", str(trouble))
        return Response(CertificateSerializer(found).data)


class WhoAmISerializer(serializers.Serializer[Any]):
    """Who the API takes the caller for."""

    username = serializers.CharField()
    party = serializers.CharField()
    roles = serializers.ListField(child=serializers.CharField())
    scopes = serializers.ListField(child=serializers.CharField())


class WhoAmIApi(APIView):
    """Who the caller is, with roles and scopes."""

    @extend_schema(operation_id="whoami", tags=["control"], responses={200: WhoAmISerializer})
    def get(self, request: Request) -> Response:
        user = actor_of(request)
        scopes = (
            request.auth if isinstance(request.auth, frozenset) else {s.value for s in TokenScope}
        )
        return Response(
            {
                "username": user.username,
                "party": user.party.code if user.party else "",
                "roles": sorted(viewer_of(user).roles),
                "scopes": sorted(scopes),
            }
        )
