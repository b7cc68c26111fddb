"""Messages, time and links: what every networked game needs; it knows no game, plugin or screen."""
