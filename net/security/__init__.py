"""net/security."""
