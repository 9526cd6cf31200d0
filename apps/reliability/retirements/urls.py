"""Addresses of the briefing and the feeds."""

from django.urls import path, re_path

from apps.reliability.retirements import views

urlpatterns = [
    path("daily-briefing/", views.daily_briefing, name="daily-briefing"),
    path("daily-briefing.pdf", views.daily_briefing_pdf, name="daily-briefing-pdf"),
    re_path(r"^retirement-list/feed\.(?P<form>atom|rss)$", views.feed, name="retirement-feed"),
]
