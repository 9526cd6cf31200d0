"""Parameters about resources: declared here, valued in the database."""

from apps.platform.core.effective import parameter

NEW_TARIFF_CUTOFF = parameter("rmr.new_tariff_cutoff")
LEGACY_LABEL_FROM = parameter("rmr.legacy_label_from")
ENERGY_FACTOR = parameter("plausibility.energy_factor")
ENERGY_LEAST = parameter("plausibility.energy_least")
LOAD_MOST = parameter("plausibility.load_most")
LOAD_PART = parameter("plausibility.load_part")
PMAX_FACTOR = parameter("plausibility.pmax_factor")
CAPACITY_FACTOR = parameter("plausibility.capacity_factor")
CAPACITY_LEAST = parameter("plausibility.capacity_least")
PRICE_FACTOR = parameter("plausibility.price_factor")
DAY_FACTOR = parameter("plausibility.day_factor")
DAY_PRICE_FACTOR = parameter("plausibility.day_price_factor")
COST_FACTOR = parameter("plausibility.cost_factor")
COST_LEAST = parameter("plausibility.cost_least")
INPUT_FACTOR = parameter("plausibility.input_factor")
INPUT_LEAST = parameter("plausibility.input_least")
PRICE_LEAST = parameter("plausibility.price_least")
PRICE_MOST = parameter("plausibility.price_most")
