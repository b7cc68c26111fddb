"""net/link/kernel."""
