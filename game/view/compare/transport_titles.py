"""Display names of the compared players: the transport that each one uses now.

A player joins with the name of its first transport. After a switch that name would be wrong.
"""

from dataclasses import replace

from game.client.frame import Frame, Scene
from game.protocol.messages import GameEvent, Roster
from game.view.hud import transport_title


class TransportTitles:
    """Follower of the panels' frames that renames their players in all panels."""

    def __init__(self) -> None:
        self._own: dict[str, tuple[int, str]] = {}

    def renamed(self, panel: str, frame: Frame) -> Frame:
        """Return the frame with its compared players named after their present transports."""
        if frame.own_id is not None:
            # Insert it last, so that it wins over a panel whose player had this id before.
            self._own.pop(panel, None)
            self._own[panel] = (frame.own_id, transport_title(frame.transport))
        titles = dict(self._own.values())
        scene = None if frame.scene is None else _rename_players(frame.scene, titles)
        return replace(frame, scene=scene, events=tuple(_rename(e, titles) for e in frame.events))


def _rename_players(scene: Scene, titles: dict[int, str]) -> Scene:
    players = (
        replace(player, name=titles[player.player_id]) if player.player_id in titles else player
        for player in scene.players
    )
    return replace(scene, players=tuple(players))


def _rename(event: GameEvent, titles: dict[int, str]) -> GameEvent:
    if not isinstance(event, Roster):
        return event
    entries = (
        replace(entry, name=titles.get(entry.player_id, entry.name)) for entry in event.entries
    )
    return Roster(event.tick, tuple(entries))
