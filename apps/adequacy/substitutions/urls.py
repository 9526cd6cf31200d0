"""Addresses of the search for substitutes."""

from django.urls import path

from apps.adequacy.substitutions import api, views

urlpatterns = [path("substitute-candidates/", views.candidates, name="substitute-candidates")]

api_urlpatterns = [
    path("substitute-candidates/", api.CandidatesApi.as_view(), name="api-substitute-candidates")
]
