"""Every address: each app's own, the screens, and the API under ``/api/v1/``."""

from django.urls import include, path

import apps.adequacy.credits.urls
import apps.adequacy.plans.urls
import apps.adequacy.substitutions.urls
import apps.bidding.market_payloads.urls
import apps.platform.documents.urls
import apps.platform.jobs.urls
import apps.platform.parameters.urls
import apps.platform.runs.urls
import apps.platform.sign_in.urls
import apps.platform.ui.urls
import apps.platform.uploads.urls
import apps.reference.masterfile.urls
import apps.reliability.verification.urls
import apps.settlement.clearing.urls
import apps.settlement.settlements.urls
import apps.settlement.statements.urls
import apps.site.calculators.urls
import apps.site.requirements.urls
from apps.platform.ui.schema_api import DescriptionApi

api = [
    *apps.platform.sign_in.urls.api_urlpatterns,
    *apps.platform.jobs.urls.api_urlpatterns,
    *apps.platform.documents.urls.api_urlpatterns,
    *apps.platform.uploads.urls.api_urlpatterns,
    *apps.platform.parameters.urls.api_urlpatterns,
    *apps.platform.runs.urls.api_urlpatterns,
    *apps.bidding.market_payloads.urls.api_urlpatterns,
    *apps.adequacy.plans.urls.api_urlpatterns,
    *apps.adequacy.credits.urls.api_urlpatterns,
    *apps.adequacy.substitutions.urls.api_urlpatterns,
    *apps.reference.masterfile.urls.api_urlpatterns,
    *apps.reliability.verification.urls.api_urlpatterns,
    *apps.settlement.settlements.urls.api_urlpatterns,
    *apps.settlement.statements.urls.api_urlpatterns,
    *apps.settlement.clearing.urls.api_urlpatterns,
    *apps.site.requirements.urls.api_urlpatterns,
    *apps.site.calculators.urls.api_urlpatterns,
    *apps.platform.ui.urls.api_urls(),
    path("schema.json", DescriptionApi.as_view(), name="api-schema"),
]

urlpatterns = [
    path("api/v1/", include(api)),
    path("", include("apps.site.home.urls")),
    path("", include("apps.site.operations.urls")),
    path("", include("apps.platform.sign_in.urls")),
    path("", include("apps.platform.notifications.urls")),
    path("", include("apps.platform.jobs.urls")),
    path("", include("apps.platform.documents.urls")),
    path("", include("apps.platform.uploads.urls")),
    path("", include("apps.platform.parameters.urls")),
    path("", include("apps.platform.runs.urls")),
    path("", include("apps.reference.resources.urls")),
    path("", include("apps.reliability.retirements.urls")),
    path("", include("apps.reference.masterfile.urls")),
    path("", include("apps.reliability.verification.urls")),
    path("", include("apps.bidding.costs.urls")),
    path("", include("apps.bidding.bids.urls")),
    path("", include("apps.adequacy.plans.urls")),
    path("", include("apps.adequacy.credits.urls")),
    path("", include("apps.adequacy.substitutions.urls")),
    path("", include("apps.adequacy.availability.urls")),
    path("", include("apps.bidding.market_payloads.urls")),
    path("", include("apps.settlement.settlements.urls")),
    path("", include("apps.settlement.statements.urls")),
    path("", include("apps.settlement.clearing.urls")),
    path("", include("apps.site.requirements.urls")),
    path("", include("apps.site.guide.urls")),
    path("", include("apps.site.calculators.urls")),
    path("", include("apps.platform.ui.urls")),
]

handler400 = "apps.site.home.views.refusals.not_understood"
handler403 = "apps.site.home.views.refusals.forbidden"
handler404 = "apps.site.home.views.refusals.not_found"
handler429 = "apps.site.home.views.refusals.too_often"
handler500 = "apps.site.home.views.refusals.broken"
