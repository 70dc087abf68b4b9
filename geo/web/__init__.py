"""Web: what a page shows."""
