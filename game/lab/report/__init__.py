"""game/lab/report."""
