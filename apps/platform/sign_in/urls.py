"""Addresses of sign-in, people, parties, tokens and certificates."""

from django.urls import include, path, re_path
from django.views.generic import RedirectView

from apps.platform.sign_in import api, views

urlpatterns = [
    path(
        "accounts/sign-in/",
        RedirectView.as_view(pattern_name="account_login", query_string=True),
        name="sign-in",
    ),
    path("accounts/tokens/", views.own_tokens, name="own-tokens"),
    path("accounts/tokens/revoke/", views.tokens_revoke, name="tokens-revoke"),
    path("accounts/tokens/<int:token_id>/revoke/", views.token_revoke, name="token-revoke"),
    path("accounts/join/<uidb64>/<token>/", views.Join.as_view(), name="join"),
    path("accounts/", include("allauth.urls")),
    path("parties/new/", views.party_edit, name="party-new"),
    path("parties/<int:party_id>/", views.party, name="party"),
    path("parties/<int:party_id>/change/", views.party_edit, name="party-change"),
    path("parties/<int:party_id>/certificates/", views.certificate_add, name="certificate-add"),
    path(
        "certificates/<int:certificate_id>/file/", views.certificate_file, name="certificate-file"
    ),
    path(
        "certificates/<int:certificate_id>/revoke/",
        views.certificate_revoke,
        name="certificate-revoke",
    ),
    path("users/invite/", views.invite, name="invite"),
    path("users/<int:user_id>/", views.person, name="person"),
    re_path(
        r"^users/(?P<user_id>\d+)/(?P<action>activate|deactivate|link)/$",
        views.person_active,
        name="person-active",
    ),
]
api_urlpatterns = [
    path("users/invite/", api.InviteApi.as_view(), name="api-invite"),
    path("users/<int:user_id>/", api.PersonApi.as_view(), name="api-person"),
    path("api-tokens/make/", api.TokensApi.as_view(), name="api-token-make"),
    path(
        "api-tokens/<int:token_id>/revoke/", api.TokenRevokeApi.as_view(), name="api-token-revoke"
    ),
    path("certificates/issue/", api.CertificatesApi.as_view(), name="api-certificate-issue"),
    path(
        "certificates/<int:certificate_id>/revoke/",
        api.CertificateRevokeApi.as_view(),
        name="api-certificate-revoke",
    ),
    path("whoami/", api.WhoAmIApi.as_view(), name="api-whoami"),
]
