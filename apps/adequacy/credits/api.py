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
from apps.adequacy.credits.rules import refuse_transfer
from apps.adequacy.credits.terms import CREDIT_READERS
from apps.adequacy.credits.views import period_asked
from apps.platform.accounts.terms import ISO_ROLES
from apps.platform.kernel.quantity import plain
from apps.platform.ui.api import api_viewer, findings_response


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
        body = TransferSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        said = body.validated_data
        return findings_response([refuse_transfer(said["from_lse"], said["to_lse"])], 409)


class DistributionSerializer(serializers.Serializer[Any]):
    """A distribution of a period."""

    period = serializers.CharField()
    run = serializers.IntegerField()
    state = serializers.CharField()
    version = serializers.IntegerField(allow_null=True)
    error = serializers.CharField(allow_blank=True)
    tac = serializers.ListField(child=serializers.DictField())
    lse = serializers.ListField(child=serializers.DictField())


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
        head = ("unit", "kind", "category", "label", "tac")
        return Response(
            {
                "period": period,
                "run": run.pk,
                "state": run.state,
                "version": run.version,
                "error": run.error,
                "tac": [
                    {n: getattr(t, n) for n in head}
                    | {
                        "credit_mw": plain(t.credit_mw),
                        "forecast_mw": plain(t.forecast_mw),
                        "mw": plain(t.mw),
                    }
                    for t in selectors.tacs_of_run(run)
                ],
                "lse": [
                    {n: getattr(s, n) for n in head}
                    | {"lse": s.lse_code, "share": plain(s.share), "mw": plain(s.mw)}
                    for s in selectors.shares_of_run(run, viewer).order_by("line_no")
                ],
            }
        )
