"""Words of statements."""

CHARGE_LABELS = {
    "RMR-CAP": "RMR capacity payment",
    "RMR-ALLOC": "RMR cost allocation",
}
