"""Capture files: the packet log of emulated links, written for Wireshark."""
