"""Transports: one file each, found by entry point; they know no game and not each other."""
