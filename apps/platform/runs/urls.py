"""Addresses of runs."""

from django.urls import path

from apps.platform.runs import api, views

urlpatterns = [
    path("runs/request/", views.run_request, name="run-request"),
    path("runs/outdated/", views.runs_outdated, name="runs-outdated"),
    path("runs/<int:run_id>/", views.run_detail, name="run"),
    path("runs/<int:run_id>/publish/", views.run_publish, name="run-publish"),
    path("publications/", views.publications, name="publications"),
]
api_urlpatterns = [
    path("runs/request/", api.RequestApi.as_view(), name="api-run-request"),
    path("runs/<int:run_id>/", api.RunApi.as_view(), name="api-run"),
    path("runs/<int:run_id>/publish/", api.PublishApi.as_view(), name="api-run-publish"),
    path("publications/", api.PublicationsApi.as_view(), name="api-publications"),
]
