"""game/server."""
