"""What a comparison calls its own players: by the transport that each of them uses now.

A player's name is given on joining, and is that of the transport it joined with; a hot switch would
make it a lie. Knows frames, and draws nothing.
"""

from dataclasses import replace

from game.client.frame import Frame, Scene
from game.protocol.messages import GameEvent, Roster
from game.view.hud import transport_title


class TransportTitles:
    """Follow the panels' frames and rename their players in all of them."""

    def __init__(self) -> None:
        self._own: dict[str, tuple[int, str]] = {}

    def renamed(self, panel: str, frame: Frame) -> Frame:
        """Return a panel's frame in which no player is called by a transport it has left."""
        if frame.own_id is not None:
            # Put last, it wins over a panel whose player had this number before.
            self._own.pop(panel, None)
            self._own[panel] = (frame.own_id, transport_title(frame.transport))
        titles = dict(self._own.values())
        scene = None if frame.scene is None else _rename_players(frame.scene, titles)
        return replace(frame, scene=scene, news=tuple(_rename(e, titles) for e in frame.news))


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
