"""Addresses of resources."""

from django.urls import path

from apps.reference.resources import views

urlpatterns = [path("resources/<int:resource_id>/", views.resource, name="resource")]
