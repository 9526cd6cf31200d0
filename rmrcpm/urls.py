"""Every address: each app's own, the screens, and the API under ``/api/v1/``."""

from django.urls import include, path
from drf_spectacular.views import SpectacularJSONAPIView

import apps.access.urls
import apps.calculators.urls
import apps.clearing.urls
import apps.credits.urls
import apps.documents.urls
import apps.jobs.urls
import apps.marketview.urls
import apps.masterfile.urls
import apps.parameters.urls
import apps.plans.urls
import apps.requirements.urls
import apps.runs.urls
import apps.settlements.urls
import apps.statements.urls
import apps.substitutions.urls
import apps.ui.urls
import apps.uploads.urls

api = [
    *apps.access.urls.api_urlpatterns,
    *apps.jobs.urls.api_urlpatterns,
    *apps.documents.urls.api_urlpatterns,
    *apps.uploads.urls.api_urlpatterns,
    *apps.parameters.urls.api_urlpatterns,
    *apps.runs.urls.api_urlpatterns,
    *apps.marketview.urls.api_urlpatterns,
    *apps.plans.urls.api_urlpatterns,
    *apps.credits.urls.api_urlpatterns,
    *apps.substitutions.urls.api_urlpatterns,
    *apps.masterfile.urls.api_urlpatterns,
    *apps.settlements.urls.api_urlpatterns,
    *apps.statements.urls.api_urlpatterns,
    *apps.clearing.urls.api_urlpatterns,
    *apps.requirements.urls.api_urlpatterns,
    *apps.calculators.urls.api_urlpatterns,
    *apps.ui.urls.api_urls(),
    path("schema.json", SpectacularJSONAPIView.as_view(), name="api-schema"),
]

urlpatterns = [
    path("api/v1/", include(api)),
    path("", include("apps.home.urls")),
    path("", include("apps.access.urls")),
    path("", include("apps.notices.urls")),
    path("", include("apps.jobs.urls")),
    path("", include("apps.documents.urls")),
    path("", include("apps.uploads.urls")),
    path("", include("apps.parameters.urls")),
    path("", include("apps.runs.urls")),
    path("", include("apps.resources.urls")),
    path("", include("apps.retirements.urls")),
    path("", include("apps.masterfile.urls")),
    path("", include("apps.costs.urls")),
    path("", include("apps.bids.urls")),
    path("", include("apps.plans.urls")),
    path("", include("apps.credits.urls")),
    path("", include("apps.substitutions.urls")),
    path("", include("apps.availability.urls")),
    path("", include("apps.marketview.urls")),
    path("", include("apps.settlements.urls")),
    path("", include("apps.statements.urls")),
    path("", include("apps.clearing.urls")),
    path("", include("apps.requirements.urls")),
    path("", include("apps.guide.urls")),
    path("", include("apps.calculators.urls")),
    path("", include("apps.ui.urls")),
]

handler500 = "apps.home.views.broken"
handler404 = "apps.home.views.not_found"
handler403 = "apps.home.views.forbidden"
