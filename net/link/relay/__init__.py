"""net/link/relay."""
