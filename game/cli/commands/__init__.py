"""The commands of ``jitterball``, one module each, with the command's name.

``game.cli.app`` imports a module when its command runs. Here game, network and plugins meet.
"""
