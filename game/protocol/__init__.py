"""The game's messages, their encoding, and the values both ends agree on.

Server, client, view, lab and command line import it. It imports ``net`` and ``game.match`` only.
"""
