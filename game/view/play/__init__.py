"""game/view/play."""
