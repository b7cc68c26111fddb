"""net/measure."""
