"""States: what the evidence adds up to on a day."""
