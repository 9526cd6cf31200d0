"""Addresses of calculated costs' own pages."""

from django.urls import path

from apps.bidding.costs import views

urlpatterns = [
    path("costs/", views.overview, name="costs"),
    path("energy-bids/<str:day>/<int:resource_id>/", views.energy_bid, name="energy-bid"),
    path("published-bids/<int:segment_id>/", views.reference_bid, name="reference-bid"),
    path(
        "transition-graph/<str:day>/<int:resource_id>/",
        views.transition_graph,
        name="transition-graph",
    ),
]
