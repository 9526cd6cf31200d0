"""Addresses of papers."""

from django.urls import path

from apps.platform.documents import api, views

urlpatterns = [
    path("documents/<int:document_id>/", views.document_file, name="document"),
    path("documents/<slug:desk>/<int:case_id>/", views.document_attach, name="document-attach"),
]

api_urlpatterns = [
    path("documents/<int:document_id>/", api.DocumentFileApi.as_view(), name="api-document"),
    path(
        "documents/<slug:desk>/<int:case_id>/", api.AttachApi.as_view(), name="api-document-attach"
    ),
]
