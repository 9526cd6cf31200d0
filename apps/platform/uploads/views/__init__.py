"""Pages of uploads."""

from apps.platform.uploads.views.correcting import upload_correct
from apps.platform.uploads.views.sending import (
    kind_list,
    kind_or_404,
    template_file,
    upload_answer,
    upload_any,
    upload_as,
    upload_new,
)
from apps.platform.uploads.views.uploads import (
    upload_decide,
    upload_detail,
    upload_difference,
    upload_file,
    upload_rejects,
    uploaded_row,
)

__all__ = [
    "kind_list",
    "kind_or_404",
    "template_file",
    "upload_answer",
    "upload_any",
    "upload_as",
    "upload_correct",
    "upload_decide",
    "upload_detail",
    "upload_difference",
    "upload_file",
    "upload_new",
    "upload_rejects",
    "uploaded_row",
]
