"""game/protocol."""
