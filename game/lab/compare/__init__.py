"""game/lab/compare."""
