"""Addresses of the requirements."""

from django.urls import path

from apps.site.requirements import api, views

urlpatterns = [
    path("requirements/", views.requirement_list, name="requirements"),
    path("registries/", views.registry_list, name="registries"),
]
api_urlpatterns = [path("requirements/", api.RequirementsApi.as_view(), name="api-requirements")]
