"""game/client."""
