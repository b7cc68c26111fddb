"""game/lab/simulate."""
