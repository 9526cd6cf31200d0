"""Resource adequacy: plans, credits, substitution, availability, CPM."""
