"""Addresses of the Master File's own pages."""

from django.urls import path

from apps.reference.masterfile import api, views

urlpatterns = [
    path("master-file-retrieve/", views.retrieve, name="master-file-retrieve"),
]

api_urlpatterns = [
    path("master-file-retrieve/", api.RetrieveApi.as_view(), name="api-master-file-retrieve"),
]
