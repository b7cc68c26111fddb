"""game/cli/options."""
