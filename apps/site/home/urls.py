"""Addresses of the home page and health."""

from django.urls import path

from apps.site.home import views

urlpatterns = [
    path("", views.home, name="home"),
    path("health/live", views.live, name="health-live"),
    path("health/ready", views.ready, name="health-ready"),
]
