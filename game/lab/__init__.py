"""The lab: comparison, measurement, recorded links, report, diagram, simulation and bot league.

The command line imports it. It may import ``net``, ``game.client``, ``game.protocol``,
``game.runtime`` and ``game.match``, and of the server ``game.server.local``. ``simulate`` also
uses the room.
"""
