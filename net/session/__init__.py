"""net/session."""
