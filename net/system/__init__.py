"""net/system."""
