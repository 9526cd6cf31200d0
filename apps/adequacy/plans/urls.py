"""Addresses of the RA column."""

from django.urls import path

from apps.adequacy.plans import api, views

urlpatterns = [path("ra-capacity/", views.ra_capacity, name="ra-capacity")]

api_urlpatterns = [path("ra-capacity/", api.RaCapacityApi.as_view(), name="api-ra-capacity")]
