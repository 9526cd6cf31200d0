"""Resources, market results, outages and the Master File."""
