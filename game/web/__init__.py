"""The web page as a player, and the HTTP server beside the game server."""
