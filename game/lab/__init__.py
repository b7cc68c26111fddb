"""The lab: comparison, measurement, report, diagram and simulation of transports.

The command line imports it. It may import ``net``, the client, the protocol and the match, and of
the server ``game.server.local``; ``simulate`` also uses the room.
"""
