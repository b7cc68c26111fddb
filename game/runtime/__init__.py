"""game/runtime."""
