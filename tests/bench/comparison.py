"""A real comparison with everything on, drawn without a display, for the benches.

TCP, UDP and WebSocket on a lossy link: figures, lagometers, lanes, ghosts and trails at 1280x720.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

os.environ["SDL_VIDEODRIVER"] = "dummy"
os.environ["PYGAME_HIDE_SUPPORT_PROMPT"] = "1"

import pygame

from game.client.netcode import NetcodeSettings, PredictionMode
from game.lab.compare.client_group import ClientGroup, ClientGroupSettings
from game.lab.compare.comparison import ClientGroupSource
from game.runtime.network_thread import NetworkThread, Work
from game.server.local import LocalServer
from game.view.audio.speaker import Speaker
from game.view.compare.link_editor import LinkEditor
from game.view.compare.screen import CompareScreen
from game.view.display import pygame_ready
from game.view.texts import ENGLISH
from game.view.theme import Theme
from net.link.presets import PRESETS
from net.registry import load_transport

SIZE = (1280, 720)
FRAME_S = 1 / 60
NAMES = ("tcp", "udp", "websocket")
# Connected, and all that is kept for ten seconds is full.
WARM_UP_S = 12.0


class DrawnComparison:
    """The screen of a comparison, and the window that it is drawn in."""

    def __init__(self, screen: CompareScreen) -> None:
        self.screen = screen
        # The surface ends with its window.
        self._window = pygame.Window("comparison", SIZE)
        self._surface = self._window.get_surface()
        screen.controls.toggle_lanes()
        screen.resize(SIZE, Theme(SIZE))

    def draw(self) -> None:
        """Draw the present frame."""
        self.screen.draw(self._surface, perf_counter())


@contextmanager
def drawn_comparison(*works: Work) -> Iterator[DrawnComparison]:
    """Run a comparison inside the block, and ``works`` in its network thread."""
    link = PRESETS["lossy"]
    netcode = NetcodeSettings(prediction=PredictionMode.OWN_PLAYER)
    transports = {name: load_transport(name) for name in NAMES}
    with LocalServer("--bots", "5", "--seed", "7", "--log-level", "error") as server:
        settings = ClientGroupSettings(
            server.address, NAMES, True, link, seed=7, netcode=netcode, has_packet_log=True
        )
        with (
            ClientGroup(transports, settings) as group,
            NetworkThread(group.run, *works) as network,
            pygame_ready(needs_display=False),
        ):
            source = ClientGroupSource(group, transports, network.check)
            speaker = Speaker(is_muted=True)
            yield DrawnComparison(
                CompareScreen(source, LinkEditor(link), 7, netcode, ENGLISH, speaker, details=True)
            )
