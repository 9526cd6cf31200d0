"""Addresses of bids' own pages."""

from django.urls import path

from apps.bidding.bids import views

urlpatterns = [
    path("bid-days/<str:market>/<str:day>/<int:resource_id>/", views.bid_day, name="bid-day"),
    path("use-limits/", views.use_limits, name="use-limits"),
]
