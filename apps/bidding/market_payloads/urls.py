"""Addresses of the market's view."""

from django.urls import path

from apps.bidding.market_payloads import api, views

urlpatterns = [
    path("market-view/", views.market_view, name="market-view"),
    path("market-payloads/<int:payload_id>/text/", views.payload_text, name="payload-text"),
]

api_urlpatterns = [
    path("market-view/", api.MakeApi.as_view(), name="api-market-view"),
    path("market-payloads/<int:payload_id>/text/", api.TextApi.as_view(), name="api-payload-text"),
]
