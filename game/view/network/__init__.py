"""game/view/network."""
