"""Benchmark of drawing a frame: ``python tests/bench/frame.py``.

First a match of 20 players with its HUD, at 1280x720, in memory. SDL's dummy driver shows nothing,
so this is drawing alone, without the display's flip. For comparison, a naive painter draws the same
discs and names without any cache. Then the comparison screen: three panels of the same 20 players
with ghosts, trails and lagometers. One panel has stalls, another has losses. Prints JSON.
"""

import argparse
import gc
import json
import os
import sys
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

os.environ["SDL_VIDEODRIVER"] = "dummy"
os.environ["PYGAME_HIDE_SUPPORT_PROMPT"] = "1"
# The local source of a match is among the tests of the view.
sys.path.insert(0, str(Path(__file__).parents[2]))

import pygame

from game.client.frame import Scene
from game.client.netcode import NetcodeSettings, PredictionMode
from game.match.pitch import MEDIUM_PITCH
from game.match.world import BALL_RADIUS, PLAYER_RADIUS
from game.view import colours
from game.view.audio.speaker import Speaker
from game.view.compare.link_editor import LinkEditor
from game.view.compare.screen import CompareScreen
from game.view.display import pygame_ready
from game.view.pitch.viewport import Viewport
from game.view.play.screen import PlayScreen
from game.view.texts import ENGLISH
from game.view.theme import Theme
from net.link.presets import PRESETS
from tests.game.view.local_comparison import LocalComparison
from tests.game.view.local_source import LocalSource

MEDIAN_BAR_MS = 4.0
COMPARISON_MEDIAN_BAR_MS = 12.0
SIZE = (1280, 720)
FRAME_S = 1.0 / 60.0


def main() -> None:
    """Print the results; exit with code 1 if a median is over its limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--frames", type=int, default=600)
    parser.add_argument("--players", type=int, default=20)
    args = parser.parse_args()
    with pygame_ready(needs_display=False):
        window = pygame.Window("frame", SIZE)
        ours_ms, naive_ms = measure(window.get_surface(), args.frames, args.players)
        comparison_ms = measure_comparison(window.get_surface(), args.frames, args.players)
    results = {
        "size": f"{SIZE[0]}x{SIZE[1]}",
        "players": args.players,
        "frames": args.frames,
        "ours": summary(ours_ms),
        "naive": summary(naive_ms),
        "naive_over_ours": round(median(naive_ms) / median(ours_ms), 2),
        "median_bar_ms": MEDIAN_BAR_MS,
        "comparison": summary(comparison_ms),
        "comparison_median_bar_ms": COMPARISON_MEDIAN_BAR_MS,
        "passed": median(ours_ms) < MEDIAN_BAR_MS
        and median(comparison_ms) < COMPARISON_MEDIAN_BAR_MS,
    }
    print(json.dumps(results, indent=2))
    sys.exit(0 if results["passed"] else 1)


def measure(surface: pygame.Surface, frames: int, players: int) -> tuple[list[float], list[float]]:
    """Return the milliseconds per frame of the play screen and of the naive painter.

    They draw the same match in turn, so that other load on the computer affects both.
    """
    source = LocalSource(players)
    screen = PlayScreen(source, ENGLISH, Speaker(is_muted=True))
    screen.resize(SIZE, Theme(SIZE))
    ours: list[float] = []
    naive: list[float] = []
    gc.disable()
    for n in range(frames):
        now = n * FRAME_S
        # Simulate the match before the clock starts: only drawing is measured.
        source.play_until(now)
        began = perf_counter()
        screen.draw(surface, now)
        drawn = perf_counter()
        ours.append((drawn - began) * 1000.0)
        scene = source.scene()
        began = perf_counter()
        draw_naively(surface, scene)
        naive.append((perf_counter() - began) * 1000.0)
        if n % 60 == 0:
            gc.collect()
    gc.enable()
    return ours, naive


def measure_comparison(surface: pygame.Surface, frames: int, players: int) -> list[float]:
    """Return the milliseconds per frame of the comparison screen with three full panels."""
    source = LocalComparison(players=players)
    source.panels["udp"].lost = set(range(20, frames, 40))
    # After this time the lagometers and the stats of a minute are full.
    warm_up = 360
    netcode = NetcodeSettings(prediction=PredictionMode.OWN_PLAYER)
    screen = CompareScreen(
        source, LinkEditor(PRESETS["lossy"]), 7, netcode, ENGLISH, Speaker(is_muted=True)
    )
    screen.resize(SIZE, Theme(SIZE))
    taken_ms: list[float] = []
    gc.disable()
    for n in range(1, warm_up + frames + 1):
        now = n * FRAME_S
        if n % 120 == 0:
            source.panels["tcp"].stall = (now, now + 0.3)
        source.play_until(now)
        began = perf_counter()
        screen.draw(surface, now)
        taken_ms.append((perf_counter() - began) * 1000.0)
        if n % 60 == 0:
            gc.collect()
    gc.enable()
    return taken_ms[warm_up:]


def draw_naively(surface: pygame.Surface, scene: Scene) -> None:
    """Draw the same pitch, discs and names without any cache."""
    view = Viewport.fit(MEDIUM_PITCH, 0, 58, SIZE[0], SIZE[1] - 100)
    font = pygame.font.Font(None, 18)
    surface.fill(colours.BACKGROUND)
    field = view.corners(
        -MEDIUM_PITCH.half_width,
        -MEDIUM_PITCH.half_height,
        MEDIUM_PITCH.half_width,
        MEDIUM_PITCH.half_height,
    )
    pygame.draw.rect(surface, colours.GRASS, field)
    pygame.draw.rect(surface, colours.LINE, field, 2)
    radius = MEDIUM_PITCH.centre_circle_radius * view.scale
    pygame.draw.aacircle(surface, colours.LINE, view.point(0, 0), radius, 2)
    for player in scene.players:
        point = view.point(player.x, player.y)
        colour = colours.TEAM_COLOURS[player.team]
        pygame.draw.aacircle(surface, colours.INK, point, PLAYER_RADIUS * view.scale)
        pygame.draw.aacircle(surface, colour, point, (PLAYER_RADIUS - 2) * view.scale)
        name = font.render(player.name, True, colours.TEXT)
        surface.blit(name, name.get_rect(midbottom=(point[0], point[1] - 20 * view.scale)))
    ball = view.point(scene.ball_x, scene.ball_y)
    pygame.draw.aacircle(surface, colours.WHITE, ball, BALL_RADIUS * view.scale)
    for n, text in enumerate(("0", "2:20", "0", "UDP", "RTT 52 ms", "snapshot age 31 ms")):
        surface.blit(font.render(text, True, colours.TEXT), (20 + n * 120, 20))


def summary(frames_ms: list[float]) -> dict[str, float]:
    """Return median, 99th percentile and first frame."""
    return {
        "median_ms": round(median(frames_ms), 3),
        "p99_ms": round(quantiles(frames_ms, n=100)[98], 3),
        "first_ms": round(frames_ms[0], 3),
    }


if __name__ == "__main__":
    main()
