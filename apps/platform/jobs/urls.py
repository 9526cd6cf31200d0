"""Addresses of jobs and the schedule."""

from django.urls import path, re_path

from apps.platform.jobs import api, views

urlpatterns = [
    path("jobs/<int:job_id>/", views.job, name="job"),
    path("jobs/<int:job_id>/file/", views.job_file, name="job-file"),
    re_path(
        r"^jobs/(?P<job_id>\d+)/(?P<action>cancel|retry)/$", views.job_decide, name="job-decide"
    ),
    path("system/", views.system, name="system"),
    path("system/schedule/<int:task_id>/", views.schedule, name="schedule"),
]
api_urlpatterns = [
    path("jobs/<int:job_id>/", api.JobApi.as_view(), name="api-job"),
    re_path(
        r"^jobs/(?P<job_id>\d+)/(?P<action>cancel|retry)/$",
        api.JobDecideApi.as_view(),
        name="api-job-decide",
    ),
]
