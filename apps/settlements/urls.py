"""Addresses of the settlement."""

from django.urls import path

from apps.settlements import views

urlpatterns = [
    path("trade-dates/", views.trade_dates, name="trade-dates"),
    path("trade-dates/<str:day>/", views.day_detail, name="trade-date"),
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
]
