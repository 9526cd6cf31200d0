"""Pure rules of market clearing and credit."""

from apps.clearing.rules.default import DEFAULT_WATERFALL, Waterfall, give_back, waterfall
from apps.clearing.rules.liability import LIABILITY, Liability
from apps.clearing.rules.loss import DEFAULT_LOSS, Measures, loss_shares

__all__ = [
    "DEFAULT_LOSS",
    "DEFAULT_WATERFALL",
    "LIABILITY",
    "Liability",
    "Measures",
    "Waterfall",
    "give_back",
    "loss_shares",
    "waterfall",
]
