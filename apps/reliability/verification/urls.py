"""Addresses of the verification of the Master File."""

from django.urls import path

from apps.reliability.verification import api, views

urlpatterns = [
    path("master-file-check/", views.check, name="master-file-check"),
]

api_urlpatterns = [
    path("master-file-check/", api.CheckApi.as_view(), name="api-master-file-check"),
]
