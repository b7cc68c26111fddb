"""game/lab/diagram."""
