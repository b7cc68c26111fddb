"""net/link/tcp."""
