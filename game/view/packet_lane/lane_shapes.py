"""Shapes of a lane, which its legend shows too."""

import pygame

from game.view import colours
from game.view.theme import Theme

_DASH = 3.0
_REACH = 5.0
_SMALL = 7.0
_SIGN = 20.0


def draw_snapshot(
    surface: pygame.Surface, box: pygame.Rect, theme: Theme, has_waited: bool = False
) -> None:
    """Draw a snapshot on its way; on its way out of the pile it looks as it did in there."""
    if has_waited:
        draw_waiting(surface, box, theme)
    else:
        pygame.draw.rect(surface, colours.GREEN, box, border_radius=theme.px(3))


def draw_copy(surface: pygame.Surface, box: pygame.Rect, theme: Theme) -> None:
    """Draw a hexagon: data that is sent again."""
    tip = box.height // 2
    points = (
        (box.left - tip // 2, box.centery),
        (box.left + tip // 2, box.top),
        (box.right - tip // 2, box.top),
        (box.right + tip // 2, box.centery),
        (box.right - tip // 2, box.bottom),
        (box.left + tip // 2, box.bottom),
    )
    pygame.draw.polygon(surface, colours.PURPLE, points)
    pygame.draw.polygon(surface, colours.WHITE, points, theme.px(1.5))


def draw_hole(surface: pygame.Surface, box: pygame.Rect, theme: Theme) -> None:
    """Draw a dashed outline: data that is missing."""
    dash, width = theme.px(_DASH), theme.px(1.5)
    for x in range(box.left, box.right, 2 * dash):
        for y in (box.top, box.bottom - width):
            surface.fill(colours.VERMILLION, (x, y, min(dash, box.right - x), width))
    for y in range(box.top, box.bottom, 2 * dash):
        for x in (box.left, box.right - width):
            surface.fill(colours.VERMILLION, (x, y, width, min(dash, box.bottom - y)))


def draw_waiting(surface: pygame.Surface, box: pygame.Rect, theme: Theme) -> None:
    """Draw a packet with a bar at the side of the player: it may not go on."""
    surface.fill(colours.YELLOW, box)
    surface.fill(colours.INK, (box.right - theme.px(3), box.top, 1, box.height))


def draw_cross(surface: pygame.Surface, centre: tuple[int, int], arm: int, width: int) -> None:
    """Draw the place where a packet was lost."""
    x, y = centre
    for slope in (-1, 1):
        ends = ((x - arm, y - slope * arm), (x + arm, y + slope * arm))
        pygame.draw.line(surface, colours.VERMILLION, *ends, width)


def draw_report(surface: pygame.Surface, centre: tuple[int, int], theme: Theme) -> None:
    """Draw an arrow with a gap: an acknowledgement that reports a hole."""
    x, y = centre
    reach = theme.px(_REACH)
    points = ((x - reach, y), (x, y - reach), (x, y + reach))
    pygame.draw.polygon(surface, colours.SKY, points)
    surface.fill(colours.SKY, (x + reach // 2 + 1, y - reach, max(2, reach // 2), 2 * reach))


def draw_other_data(surface: pygame.Surface, centre: tuple[int, int], theme: Theme) -> None:
    """Draw a small square: data without a snapshot."""
    box = pygame.Rect((0, 0), small_size(theme))
    box.center = centre
    surface.fill(colours.GREEN, box)


def draw_bare_acknowledgement(
    surface: pygame.Surface, centre: tuple[int, int], theme: Theme
) -> None:
    """Draw a smaller square: a packet to the player that carries no data."""
    box = pygame.Rect(0, 0, theme.px(_REACH - 1), theme.px(_REACH - 1))
    box.center = centre
    surface.fill(colours.MUTED, box)


def draw_input(surface: pygame.Surface, centre: tuple[int, int], theme: Theme) -> None:
    """Draw a dot: an input on its way to the server."""
    pygame.draw.circle(surface, colours.TEXT, centre, max(2, theme.px(_REACH) // 2))


def draw_resent_input(surface: pygame.Surface, centre: tuple[int, int], theme: Theme) -> None:
    """Draw an input that is sent again, with the shape of a copy."""
    reach = theme.px(_REACH)
    box = pygame.Rect(0, 0, 2 * reach, reach + 1)
    box.center = centre
    draw_copy(surface, box, theme)


def draw_acknowledgement(surface: pygame.Surface, centre: tuple[int, int], theme: Theme) -> None:
    """Draw an arrow to the server."""
    x, y = centre
    half = max(2, theme.px(_REACH) // 2)
    pygame.draw.polygon(
        surface, colours.MUTED, ((x - half, y), (x + half, y - half), (x + half, y + half))
    )


def small_size(theme: Theme) -> tuple[int, int]:
    """Return the size of data without a snapshot, in pixels."""
    return theme.px(_SMALL), theme.px(_SMALL)


def draw_server(surface: pygame.Surface, area: pygame.Rect, theme: Theme) -> None:
    """Draw a stack of computers, where the word does not fit."""
    width = min(area.width - 2, theme.px(_SIGN))
    for row in (-1, 0, 1):
        box = pygame.Rect(0, 0, width, max(2, width // 4))
        box.center = area.centerx, area.centery + row * width * 2 // 5
        pygame.draw.rect(surface, colours.TEXT, box)


def draw_player(surface: pygame.Surface, area: pygame.Rect, theme: Theme) -> None:
    """Draw a disc of the match, where the word does not fit."""
    radius = min(area.width - 2, theme.px(_SIGN)) // 2
    pygame.draw.circle(surface, colours.TEXT, area.center, radius, max(1, theme.px(2)))
