"""Addresses of statements."""

from django.urls import path

from apps.statements import api, views

urlpatterns = [
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
    path("statements/<int:statement_id>/", api.StatementApi.as_view()),
    path("statements/<int:statement_id>/difference/", api.DifferenceApi.as_view()),
    path("statements/<int:statement_id>/lines/<int:line_no>/explain/", api.ExplainApi.as_view()),
]
