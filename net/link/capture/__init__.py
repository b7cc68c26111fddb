"""Capture files: the packet log of emulated links, written for Wireshark.

``capture_file`` is the entry. A game's command line imports it.
"""
