"""Rectangles and points of a lane: server, tracks, waiting area, player, words.  [pure]"""

from dataclasses import dataclass

# In design pixels.
TRACKS_HEIGHT = 58.0
WORDS_HEIGHT = 62.0
_POST_WIDTH = 50.0
_LEAST_POST_WIDTH = 10.0
# Largest share of the track for the packets that wait behind a hole.
_WAITING_SHARE = 0.36
# Enough for ten packets side by side.
_WAITING_WIDTH = 270.0
# Heights of the two tracks, as ratios.
_DOWN_TRACK = 0.36
_UP_TRACK = 0.84
_GAP = 2.0
_NAME_PADDING = 5.0
_WIDEST_POST_RATIO = 0.18

# The colour behind the packets.
BACKGROUND = (12, 16, 23)

Rect = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class LaneLayout:
    """Places in a lane, in pixels. Rectangles are (left, top, width, height).

    Packets to the player travel from ``left`` to ``waiting`` at the height ``down_y``, those to the
    server from ``right`` to ``left`` at ``up_y``.
    """

    server: Rect
    player: Rect
    waiting: Rect
    words: Rect
    left: int
    right: int
    down_y: int
    up_y: int

    def down_x(self, position: float) -> int:
        """Return the place of a packet to the player."""
        return self.left + round(position * (self.waiting[0] - self.left))

    def leaving_x(self, position: float) -> int:
        """Return the place of a packet that the application reads."""
        return self.waiting[0] + round(position * self.waiting[2])

    def up_x(self, position: float) -> int:
        """Return the place of a packet to the server."""
        return self.right - round(position * (self.right - self.left))


def lay_out_lane(rect: Rect, scale: float, has_words: bool, name_width: int = 0) -> LaneLayout:
    """Return the layout of a lane in a rectangle; ``scale`` is the theme's.

    ``name_width`` is that of the names of server and player, in pixels.
    """
    left, top, width, height = rect
    words_height = min(round(WORDS_HEIGHT * scale), height // 2) if has_words else 0
    tracks = height - words_height
    post = max(round(_POST_WIDTH * scale), name_width + round(_NAME_PADDING * scale))
    post = min(post, round(width * _WIDEST_POST_RATIO))
    post = max(post, round(_LEAST_POST_WIDTH * scale))
    inner_left, inner_right = left + post, left + width - post
    share = round((inner_right - inner_left) * _WAITING_SHARE)
    waiting_width = min(share, round(_WAITING_WIDTH * scale))
    up_y = top + round(tracks * _UP_TRACK)
    waiting_height = max(1, round(tracks * 0.66))
    return LaneLayout(
        server=(left, top, post, tracks),
        player=(inner_right, top, post, tracks),
        waiting=(inner_right - waiting_width, top, waiting_width, waiting_height),
        words=(left, top + tracks, width, words_height),
        left=inner_left,
        right=inner_right,
        down_y=top + round(tracks * _DOWN_TRACK),
        up_y=up_y,
    )


def pile_cells(waiting: Rect, count: int, size: tuple[int, int], scale: float) -> list[Rect]:
    """Return the cells of a pile, the first one next to the player.

    ``count`` includes the hole. ``size`` is that of a packet. The pile grows away from the player,
    then upwards. Cells get narrower if there is no room for all of them.
    """
    left, top, width, height = waiting
    gap = max(1, round(_GAP * scale))
    rows = max(1, (height + gap) // (size[1] + gap))
    columns = max(width // (size[0] + gap), -(-count // rows), 1)
    step = max(1, min(size[0] + gap, width // columns))
    cell_width = max(1, step - gap)
    cells = []
    for index in range(count):
        row, column = divmod(index, columns)
        x = left + width - (column + 1) * step
        y = top + height - (row + 1) * (size[1] + gap)
        cells.append((x, y, cell_width, size[1]))
    return cells
