"""game/view/widgets."""
