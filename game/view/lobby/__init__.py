"""Lobby: the games on the network, the player's choices, and a game hosted on this computer."""
