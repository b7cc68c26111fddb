"""game/cli."""
