"""Lobby: the games on the network, the player's choices, and a game hosted on this computer.

Imported by the command line, which passes in a ``LobbySource``.
"""
