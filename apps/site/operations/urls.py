"""Addresses of the metrics and of the page System health."""

from django.urls import path

from apps.site.operations import views

urlpatterns = [
    path("metrics", views.metrics, name="metrics"),
    path("system-health/", views.system_health, name="system-health"),
]
