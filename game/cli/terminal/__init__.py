"""game/cli/terminal."""
