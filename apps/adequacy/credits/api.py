"""The API of a distribution, and of what cannot be asked for: a transfer."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.adequacy.credits import selectors
from apps.adequacy.credits.codes import CREDIT_READERS
from apps.adequacy.credits.filters import period_asked
from apps.adequacy.credits.rules import refuse_transfer
from apps.platform.accounts.codes import ISO_ROLES
from apps.platform.ui.api import api_viewer, violations_response
from apps.platform.ui.bodies import body_of_request
from apps.platform.ui.serializers import ExactField, MwField


class TransferSerializer(serializers.Serializer[Any]):
    """A transfer somebody would like."""

    from_lse = serializers.CharField(max_length=30)
    to_lse = serializers.CharField(max_length=30)
    mw = serializers.CharField(max_length=20, required=False)


class TransferApi(APIView):
    """Credits stay with their LSE; asking says why."""

    @extend_schema(
        operation_id="credit_transfer",
        tags=["adequacy"],
        request=TransferSerializer,
        summary="Always refused: RMR-E-0121A",
        responses={409: None},
    )
    def post(self, request: Request) -> Response:
        """Refuse."""
        api_viewer(request, CREDIT_READERS)
        body = body_of_request(request, TransferSerializer)
        said = body
        return violations_response([refuse_transfer(said["from_lse"], said["to_lse"])], 409)


class CreditSerializer(serializers.Serializer[Any]):
    """A credit on its way."""

    unit = serializers.CharField(help_text="resource ID")
    kind = serializers.CharField(help_text="SYSTEM, LOCAL or FLEX")
    category = serializers.IntegerField(allow_null=True, help_text="of flexible capacity")
    label = serializers.CharField()  # type: ignore[assignment]  # named by the API
    tac = serializers.CharField(help_text="TAC area")


class TacCreditSerializer(CreditSerializer):
    """The part of a credit that a TAC area gets."""

    credit_mw = MwField("the whole credit")
    forecast_mw = MwField("forecast load of the TAC area")
    mw = MwField("the part")


class LseCreditSerializer(CreditSerializer):
    """The part of a credit that an LSE gets."""

    lse = serializers.CharField(source="lse_code")
    share = ExactField("share of the load of the TAC area", trimmed=True)
    mw = MwField("the part")


class DistributionSerializer(serializers.Serializer[Any]):
    """A distribution of a period."""

    period = serializers.CharField()
    run = serializers.IntegerField()
    state = serializers.CharField()
    version = serializers.IntegerField(allow_null=True)
    error = serializers.CharField(allow_blank=True)
    tac = TacCreditSerializer(many=True)
    lse = LseCreditSerializer(many=True)


class DistributionApi(APIView):
    """The newest distribution of a period, published or not."""

    @extend_schema(
        operation_id="credit_distribution",
        tags=["adequacy"],
        responses={200: DistributionSerializer},
        summary="Credits of a period to TAC areas and LSEs",
    )
    def get(self, request: Request, period: str) -> Response:
        """Return the newest run of a period."""
        viewer = api_viewer(request, ISO_ROLES)
        run = selectors.runs_of(period_asked(period)).first()
        if run is None:
            raise Http404("Nothing was distributed for this period.")
        told = {
            "period": period,
            "run": run.pk,
            "state": run.state,
            "version": run.version,
            "error": run.error,
            "tac": selectors.tacs_of_run(run),
            "lse": selectors.shares_of_run(run, viewer).order_by("line_no"),
        }
        return Response(DistributionSerializer(told).data)
