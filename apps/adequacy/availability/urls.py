"""Addresses of availability."""

from django.urls import path

from apps.adequacy.availability import views

urlpatterns = [
    path("availability/", views.months, name="availability"),
    path("availability/<str:month>/measure/", views.measure_month, name="availability-measure"),
    path(
        "availability/<str:month>/<int:resource_id>/<str:ra_type>/", views.heat_map, name="heat-map"
    ),
]
