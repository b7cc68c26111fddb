"""The lab: comparison, measurement, report, recorded links, results of a class, bot league.

``diagram``, ``simulate`` and ``worksheet`` are here too. The command line imports the lab, and
``game.web`` the results of a class and the report's texts. It may import ``net``, ``game.client``,
``game.protocol``, ``game.runtime`` and ``game.match``, and of the server ``game.server.local``.
``simulate`` also uses the room.
"""
