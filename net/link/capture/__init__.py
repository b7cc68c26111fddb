"""Capture files: the packet log of emulated links, written for Wireshark.

``writer`` is the entry. A game's command line imports it.
"""
