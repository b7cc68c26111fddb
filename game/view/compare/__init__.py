"""game/view/compare."""
