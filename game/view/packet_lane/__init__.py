"""Packet lane: the packets of one panel's link between server and player, drawn as they travel.

``packets`` keeps the records. ``lane_state`` finds where each packet is at some time.
``events`` finds what happened to each. ``lane_view`` draws.
Imported by the screens and the slow motion of ``game.view``.
"""
