"""Addresses of statements."""

from django.urls import path

from apps.settlement.statements import api, views

urlpatterns = [
    path("compare/", views.comparison, name="compare"),
    path("runs/<int:old_id>/causes/<int:new_id>/", views.run_causes, name="run-causes"),
    path(
        "publication-preview/<int:run_id>/", views.publication_preview, name="publication-preview"
    ),
    path("statements/<int:statement_id>/shadow/", views.shadow, name="statement-shadow"),
    path("statement-months/", views.month, name="statement-months"),
    path("invoice-weeks/", views.invoices, name="invoice-weeks"),
    path("schemas/statement-1.xsd", views.schema, name="statement-schema"),
    path(
        "statements/<int:statement_id>/file.<slug:form>",
        views.statement_file,
        name="statement-file",
    ),
    path("statements/<int:statement_id>/", views.statement_detail, name="statement"),
    path(
        "statements/<int:statement_id>/difference/",
        views.statement_difference,
        name="statement-difference",
    ),
    path(
        "statements/<int:statement_id>/lines/<int:line_no>/",
        views.statement_line,
        name="statement-line",
    ),
]
api_urlpatterns = [
    path("compare/", api.CompareApi.as_view(), name="api-compare"),
    path("runs/<int:old_id>/causes/<int:new_id>/", api.CausesApi.as_view(), name="api-run-causes"),
    path(
        "publication-preview/<int:run_id>/",
        api.PreviewApi.as_view(),
        name="api-publication-preview",
    ),
    path(
        "statements/<int:statement_id>/shadow/",
        api.ShadowApi.as_view(),
        name="api-statement-shadow",
    ),
    path("statements/<int:statement_id>/", api.StatementApi.as_view(), name="api-statement"),
    path(
        "statements/<int:statement_id>/files/<slug:form>/",
        api.StatementFileApi.as_view(),
        name="api-statement-file",
    ),
    path(
        "statement-months/<str:sc>/<str:month>/", api.MonthApi.as_view(), name="api-statement-month"
    ),
    path("invoice-weeks/<str:sc>/", api.InvoicesApi.as_view(), name="api-invoice-week"),
    path(
        "statements/<int:statement_id>/difference/",
        api.DifferenceApi.as_view(),
        name="api-statement-difference",
    ),
    path(
        "statements/<int:statement_id>/lines/<int:line_no>/explain/",
        api.ExplainApi.as_view(),
        name="api-statement-line",
    ),
]
