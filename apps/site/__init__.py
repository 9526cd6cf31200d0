"""The product as a site: home, guide, requirements, calculators."""
