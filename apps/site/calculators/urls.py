"""Addresses of calculators."""

from django.urls import path, re_path

from apps.site.calculators import api, views

urlpatterns = [
    path("calculators/", views.calculator_list, name="calculators"),
    path("calculators/<slug:name>/", views.calculator, name="calculator"),
]
api_urlpatterns = [
    path("calculators/", api.CalculatorsApi.as_view(), name="api-calculators"),
    re_path(
        r"^calculators/(?P<name>[\w-]+)/?$", api.CalculatorApi.as_view(), name="api-calculator"
    ),
]
