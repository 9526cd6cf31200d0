"""Addresses of the guide."""

from django.urls import path

from apps.site.guide import views

urlpatterns = [
    path("help/", views.index, name="help"),
    path("help/rules/", views.rules, name="help-rules"),
    path("help/tour.json", views.tour, name="help-tour"),
    path("help/<slug:slug>/", views.page, name="help-page"),
]
