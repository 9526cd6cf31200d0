"""Addresses of the distribution of credits."""

from django.urls import path

from apps.adequacy.credits import api, views

urlpatterns = [
    path("credit-distribution/", views.periods, name="credit-periods"),
    path("credit-distribution/<str:period>/", views.distribution, name="credit-distribution"),
    path("credit-distribution/<str:period>/compare/", views.comparison, name="credit-comparison"),
]

api_urlpatterns = [
    path(
        "credit-distribution/<str:period>/",
        api.DistributionApi.as_view(),
        name="api-credit-distribution",
    ),
    path("credit-transfers/", api.TransferApi.as_view(), name="api-credit-transfer"),
]
