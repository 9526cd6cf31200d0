"""Addresses of the settlement."""

from django.urls import path

from apps.settlement.settlements import api, views
from apps.settlement.settlements.views import overview

urlpatterns = [
    path("settlement-board/", overview.board, name="settlement-board"),
    path("rmr-cost/", overview.cost, name="rmr-cost"),
    path("chain/", overview.chain, name="chain"),
    path("trade-dates/", views.trade_dates, name="trade-dates"),
    path("trade-dates/<str:day>/", views.day_detail, name="trade-date"),
    path("trade-dates/<str:day>/data-quality/", views.data_quality, name="data-quality"),
    path("trade-dates/<str:day>/prepare/", views.prepare_day, name="trade-date-prepare"),
    path(
        "runs/<int:run_id>/payments/<int:resource_id>/",
        views.explain_payment,
        name="explain-payment",
    ),
    path(
        "runs/<int:run_id>/allocation/<int:line_no>/",
        views.explain_allocation,
        name="explain-allocation",
    ),
    path("runs/<int:run_id>/completeness/", views.completeness, name="run-completeness"),
    path("runs/<int:run_id>/charges/<int:line_no>/", views.explain_charge, name="explain-charge"),
]
api_urlpatterns = [
    path(
        "trade-dates/<str:day>/data-quality/",
        api.DataQualityApi.as_view(),
        name="api-data-quality",
    ),
    path("trade-dates/<str:day>/prepare/", api.PrepareApi.as_view(), name="api-prepare"),
    path(
        "runs/<int:run_id>/completeness/",
        api.CompletenessApi.as_view(),
        name="api-run-completeness",
    ),
]
