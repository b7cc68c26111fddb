"""net/sync."""
