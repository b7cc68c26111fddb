"""game/view/audio."""
