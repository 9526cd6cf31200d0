"""Addresses of notices, deadlines and calendars."""

from django.urls import path

from apps.platform.notifications import views

urlpatterns = [
    path("notices/preferences/", views.preferences, name="notice-preferences"),
    path("notices/read/", views.read_all, name="notices-read"),
    path("notices/<int:notice_id>/", views.notice, name="notice"),
    path("deadlines/", views.deadlines, name="deadlines"),
    path("calendar/<str:key>.ics", views.calendar, name="calendar"),
]
