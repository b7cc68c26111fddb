"""game/view/pitch."""
