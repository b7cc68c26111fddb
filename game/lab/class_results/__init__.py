"""The results of a class: recorded on the server, analysed by student and by transport.

Imported by ``game.web``, whose HTTP process records, and by the command line.
"""
