"""game/lab/measure."""
