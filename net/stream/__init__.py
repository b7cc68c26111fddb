"""net/stream."""
