"""The API of the market's view: make payloads of a trade date; read one as it was sent."""

from __future__ import annotations

import json
from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.bidding.market_payloads import selectors, services
from apps.bidding.market_payloads.codes import SENDERS, Audience
from apps.platform.accounts.codes import ISO_ROLES
from apps.platform.clock.selectors import site_now
from apps.platform.core.tradetime import is_plausible
from apps.platform.ui.api import api_viewer
from apps.platform.ui.bodies import body_of_request
from apps.platform.ui.requests import actor_of
from apps.platform.ui.serializers import KnownChoiceField, ViolationSerializer, as_stored


class PayloadMakeSerializer(serializers.Serializer[Any]):
    """Which trade date, and who is to be told."""

    trade_date = serializers.DateField()
    audience = KnownChoiceField(choices=[a.value for a in Audience])

    def validate_trade_date(self, value: Any) -> Any:
        """Refuse a day beyond what dates can be calculated with."""
        if not is_plausible(value):
            raise serializers.ValidationError("The day must lie between 1800 and 2199.")
        return value


class PayloadMadeSerializer(serializers.Serializer[Any]):
    """The payload, and whether it is a new version."""

    payload = serializers.IntegerField()
    version = serializers.IntegerField()
    new = serializers.BooleanField()
    records = serializers.IntegerField()
    alerts = as_stored(ViolationSerializer, "what is missing or odd", many=True)


class MakeApi(APIView):
    """Make a payload where its content changed, and hand it over."""

    @extend_schema(
        operation_id="market_view_make",
        tags=["market"],
        request=PayloadMakeSerializer,
        responses={200: PayloadMadeSerializer, 201: PayloadMadeSerializer},
    )
    def post(self, request: Request) -> Response:
        api_viewer(request, SENDERS)
        body = body_of_request(request, PayloadMakeSerializer)
        payload, is_new = services.payload_asked(
            audience=Audience(body["audience"]),
            day=body["trade_date"],
            actor=actor_of(request),
            at=site_now(),
            cause="asked for by API",
        )
        return Response(
            {
                "payload": payload.pk,
                "version": payload.version,
                "new": is_new,
                "records": payload.records,
                "alerts": payload.alerts,
            },
            status=201 if is_new else 200,
        )


class TextSerializer(serializers.Serializer[Any]):
    """A payload as it was sent: JSON for the markets, CSV text else."""

    name = serializers.CharField()
    sha256 = serializers.CharField()
    content = serializers.JSONField()


class TextApi(APIView):
    """One payload as it was sent."""

    @extend_schema(
        operation_id="market_payload_text", tags=["market"], responses={200: TextSerializer}
    )
    def get(self, request: Request, payload_id: int) -> Response:
        viewer = api_viewer(request, ISO_ROLES)
        payload = get_object_or_404(selectors.payloads(viewer=viewer), pk=payload_id)
        name, text = services.file_name(payload), payload.body.text
        content = json.loads(text) if name.endswith(".json") else text
        return Response({"name": name, "sha256": payload.sha256, "content": content})
