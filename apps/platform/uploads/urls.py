"""Addresses of uploads."""

from django.urls import path, re_path

from apps.platform.uploads import api, views

urlpatterns = [
    path("upload/", views.kind_list, name="upload-kinds"),
    path("upload/any/", views.upload_any, name="upload-any"),
    path("upload/<slug:code>/", views.upload_new, name="upload-new"),
    re_path(
        r"^upload/(?P<code>[\w-]+)/template\.(?P<form>csv|xlsx)$",
        views.template_file,
        name="upload-template",
    ),
    path("uploads/<int:upload_id>/", views.upload_detail, name="upload"),
    path("uploads/<int:upload_id>/rejected.csv", views.upload_rejects, name="upload-rejects"),
    path("uploads/<int:upload_id>/correct/", views.upload_correct, name="upload-correct"),
    path("uploads/<int:upload_id>/changes/", views.upload_difference, name="upload-changes"),
    path("uploads/<int:upload_id>/as/<slug:code>/", views.upload_as, name="upload-as"),
    path("uploads/<int:upload_id>/answer/<slug:name>/", views.upload_answer, name="upload-answer"),
    path("uploads/<int:upload_id>/file", views.upload_file, name="upload-file"),
    re_path(
        r"^uploads/(?P<upload_id>\d+)/(?P<action>confirm|withdraw|reread)/$",
        views.upload_decide,
        name="upload-decide",
    ),
    path("datasets/<int:version_id>/rows/<int:line_no>/", views.uploaded_row, name="uploaded-row"),
]
api_urlpatterns = [
    path("uploads/send/", api.SendApi.as_view(), name="api-upload-send"),
    path("uploads/<int:upload_id>/", api.UploadApi.as_view(), name="api-upload"),
    path("uploads/<int:upload_id>/rejected/", api.RejectsApi.as_view(), name="api-upload-rejects"),
    re_path(
        r"^uploads/(?P<upload_id>\d+)/(?P<action>confirm|withdraw|reread)/$",
        api.DecideApi.as_view(),
        name="api-upload-decide",
    ),
    path("upload-templates/<slug:code>/", api.TemplateApi.as_view(), name="api-upload-template"),
    path(
        "datasets/<int:version_id>/rows/<int:line_no>/",
        api.RowApi.as_view(),
        name="api-uploaded-row",
    ),
]
