"""Addresses of parameter pages."""

from django.urls import path, re_path

from apps.platform.parameters import api, views

urlpatterns = [
    path("parameters/", views.parameter_list, name="parameters"),
    path("parameters/propose/", views.parameter_propose, name="parameter-propose"),
    path(
        "parameters/proposals/<int:proposal_id>/",
        views.proposal_detail,
        name="parameter-proposal",
    ),
    path(
        "parameters/proposals/<int:proposal_id>/<slug:action>/",
        views.proposal_decide,
        name="parameter-proposal-decide",
    ),
    path("parameters/<str:name>/", views.parameter_detail, name="parameter"),
]

api_urlpatterns = [
    path("parameter-proposals/new/", api.ProposalsApi.as_view(), name="api-parameter-propose"),
    re_path(
        r"^parameter-proposals/(?P<proposal_id>\d+)/(?P<action>approve|reject|withdraw)/$",
        api.DecisionApi.as_view(),
        name="api-parameter-decide",
    ),
]
