"""Addresses of clearing and credit."""

from django.urls import path

from apps.settlement.clearing import api, views

urlpatterns = [
    path("invoices/<int:invoice_id>/", views.invoice, name="invoice"),
    path("invoices/<int:invoice_id>/file.<slug:form>", views.invoice_file, name="invoice-file"),
    path("exposures/<int:exposure_id>/", views.exposure, name="exposure"),
    path("trial-balance/", views.trial_balance, name="trial-balance"),
]
api_urlpatterns = [
    path("invoices/<int:invoice_id>/", api.InvoiceApi.as_view(), name="api-invoice"),
    path(
        "invoices/<int:invoice_id>/files/<slug:form>/",
        api.InvoiceFileApi.as_view(),
        name="api-invoice-file",
    ),
    path("exposures/<int:exposure_id>/", api.ExposureApi.as_view(), name="api-exposure"),
    path("trial-balance/", api.BalanceApi.as_view(), name="api-trial-balance"),
]
