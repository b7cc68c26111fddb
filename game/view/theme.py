"""Theme of the window: sizes that scale, cached text, rounded rectangles.

Sizes are given for 1280x720 and scaled. Rendered text is cached: to render it takes ten times as
long as to draw it.
"""

from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path

import pygame

from game.view.colours import BLACK, TEXT, WHITE, Colour

# Below two thirds, letters have too few pixels to read.
LEAST_SCALE = 0.66
_DESIGN_SIZE = (1280, 720)
# A window shows at least this much of the design, whatever size of text the user chose. With less
# there is no room for a line of help.
_LEAST_SHOWN = (480, 300)
_ELLIPSIS = "…"
# Unicode will never assign this code. A font draws it as its box for a missing letter.
_NO_LETTER = "\uffff"
# More texts than a screen holds, and few enough that changing numbers do not fill the memory.
_TEXTS_KEPT = 512
_ROUNDED_RECTS_KEPT = 64
# The sizes and weights of several themes.
_FONTS_KEPT = 64
# Smaller letters are unreadable in any font.
_LEAST_TEXT_PX = 11
_OVERSAMPLING = 4

# pygame_gui brings the Noto Sans fonts. The others are tried, in this order, for missing letters.
_FONT_FAMILIES = ("", "SC", "JP", "KR", "Hebrew", "Arabic", "Georgian")


class Theme:
    """Sizes and texts for a window of ``size`` pixels, enlarged by the user's ``ui_scale``.

    ``scale`` is 1 at 1280x720. ``ui_scale`` is reduced if the window is too small for it.
    Initialise ``pygame.font`` before the first text.
    """

    def __init__(self, size: tuple[int, int], ui_scale: float = 1.0) -> None:
        self._size = size
        fit = max(_scale_to_show(_DESIGN_SIZE, size), LEAST_SCALE)
        most = max(_scale_to_show(_LEAST_SHOWN, size), LEAST_SCALE)
        self.scale = min(fit * ui_scale, most)
        self.ui_scale = self.scale / fit
        self._fonts: dict[tuple[str, int, bool], pygame.font.Font] = {}
        self._rendered = lru_cache(maxsize=_TEXTS_KEPT)(self._render)
        self._widths = lru_cache(maxsize=_TEXTS_KEPT)(self._measure)
        self._cut = lru_cache(maxsize=_TEXTS_KEPT)(self._shorten)
        self._rounded_rects = lru_cache(maxsize=_ROUNDED_RECTS_KEPT)(_paint_rounded_rect)

    def reduced(self, scale: float) -> "Theme":
        """Return a theme whose scale is ``scale``, but not larger than this one's.

        For a page that does not fit at the scale of the rest. Text stays large enough to read.
        """
        return Theme(self._size, self.ui_scale * min(self.scale, scale) / self.scale)

    def px(self, length: float) -> int:
        """Return a length of the 1280x720 design in pixels, at least 1."""
        return max(1, round(length * self.scale))

    def text(
        self, text: str, size: float, colour: Colour = TEXT, bold: bool = False
    ) -> pygame.Surface:
        """Return an image of ``text`` on one line, ``size`` design pixels high.

        The image is shared: do not change it.
        """
        return self._rendered(text, self.text_px(size), colour, bold)

    def text_width(self, text: str, size: float, bold: bool = False) -> int:
        """Return the width in pixels of the image that ``text`` gives, without rendering it."""
        return self._widths(text, self.text_px(size), bold)

    def shortened(self, text: str, size: float, width: int, bold: bool = False) -> str:
        """Return ``text``, cut with an ellipsis if it is wider than ``width`` pixels."""
        return self._cut(text, self.text_px(size), width, bold)

    def fitted(
        self, text: str, size: float, width: int, colour: Colour = TEXT, bold: bool = False
    ) -> pygame.Surface:
        """Return an image of ``text`` at most ``width`` pixels wide: smaller, then cut."""
        image = self.text(text, size, colour, bold)
        width = max(0, width)
        if image.get_width() <= width:
            return image
        px = max(_LEAST_TEXT_PX, self.text_px(size) * width // image.get_width())
        # Two sizes may be equally wide. One pixel too many would cut off a word.
        while px > _LEAST_TEXT_PX and self._rendered(text, px, colour, bold).get_width() > width:
            px -= 1
        return self._rendered(self._cut(text, px, width, bold), px, colour, bold)

    def rounded_rect(self, size: tuple[int, int], colour: Colour, radius: float) -> pygame.Surface:
        """Return an image of a filled rectangle with smooth round corners.

        The image is shared: do not change it. ``size`` is in pixels, ``radius`` in design pixels.
        Half the height as radius makes a pill. A side below 0, for which a window has no room,
        counts as 0.
        """
        width, height = max(0, size[0]), max(0, size[1])
        radius_px = min(self.px(radius), width // 2, height // 2)
        return self._rounded_rects((width, height), colour, radius_px)

    def text_px(self, size: float) -> int:
        """Return the height of a text in pixels, never too small to read."""
        return max(_LEAST_TEXT_PX, round(size * self.scale))

    def _render(self, text: str, size: int, colour: Colour, bold: bool) -> pygame.Surface:
        text = _printable(text)
        return self._font_for(text, size, bold).render(text, True, colour).convert_alpha()

    def _measure(self, text: str, size: int, bold: bool) -> int:
        text = _printable(text)
        return self._font_for(text, size, bold).size(text)[0]

    def _shorten(self, text: str, size: int, width: int, bold: bool) -> str:
        text = _printable(text)
        font = self._font_for(text, size, bold)
        if font.size(text)[0] <= width:
            return text
        while text and font.size(text + _ELLIPSIS)[0] > width:
            text = text[:-1]
        return text.rstrip() + _ELLIPSIS

    def _font_for(self, text: str, size: int, bold: bool) -> pygame.font.Font:
        for family in _FONT_FAMILIES:
            font = self._font(family, size, bold)
            if not _lacks_letters(font, text):
                return font
        return self._font("", size, bold)

    def _font(self, family: str, size: int, bold: bool) -> pygame.font.Font:
        key = (family, size, bold)
        if key not in self._fonts:
            self._fonts[key] = _shared_font(key)
        return self._fonts[key]


def _scale_to_show(design: tuple[int, int], size: tuple[int, int]) -> float:
    """Return the scale at which a window of ``size`` pixels shows a part of the design whole."""
    return min(size[0] / design[0], size[1] / design[1])


def _shared_font(key: tuple[str, int, bool]) -> pygame.font.Font:
    """Return a font that all themes share: each resize of the window makes several themes.

    A font measures each letter once, which takes longer than to draw it.
    """
    font = _load_font(*key)
    try:
        font.get_height()
    except pygame.error:
        # ``pygame.font`` was shut down and started again, which invalidates its fonts.
        _load_font.cache_clear()
        font = _load_font(*key)
    return font


@lru_cache(maxsize=_FONTS_KEPT)
def _load_font(family: str, size: int, bold: bool) -> pygame.font.Font:
    weight = "Bold" if bold else "Regular"
    for suffix in ("ttf", "otf"):
        file = _font_folder() / f"NotoSans{family}-{weight}.{suffix}"
        if file.is_file():
            return pygame.font.Font(file, size)
    return pygame.font.Font(None, size)


@cache
def _font_folder() -> Path:
    """Return the folder of pygame_gui's fonts, without importing pygame_gui (0.1 s)."""
    spec = find_spec("pygame_gui")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("pygame_gui is not installed", name="pygame_gui")
    return Path(spec.origin).parent / "data"


def _lacks_letters(font: pygame.font.Font, text: str) -> bool:
    """Return whether ``font`` would draw its missing-letter box for a letter of ``text``."""
    if text.isascii():
        return False
    box = _pixels(font, _NO_LETTER)
    return any(not letter.isascii() and _pixels(font, letter) == box for letter in text)


def _pixels(font: pygame.font.Font, letter: str) -> bytes:
    return pygame.image.tobytes(font.render(letter, False, BLACK, WHITE), "RGB")


def _printable(text: str) -> str:
    # SDL rejects NUL and breaks lines at some characters, and a player's name may hold anything.
    return "".join(letter if letter.isprintable() else " " for letter in text)


def _paint_rounded_rect(size: tuple[int, int], colour: Colour, radius: int) -> pygame.Surface:
    """Return the rectangle; only its corners are painted large and averaged."""
    rounded = pygame.Surface(size, pygame.SRCALPHA)
    rounded.fill(colour)
    side = 2 * radius
    large = pygame.Surface((side * _OVERSAMPLING,) * 2, pygame.SRCALPHA)
    large.fill((*colour, 0))
    middle = radius * _OVERSAMPLING
    pygame.draw.circle(large, colour, (middle, middle), middle)
    corners = pygame.transform.smoothscale(large, (side, side))
    for right in (0, 1):
        for below in (0, 1):
            rect = (right * (size[0] - radius), below * (size[1] - radius), radius, radius)
            rounded.fill((*colour, 0), rect)
            rounded.blit(corners, rect, (right * radius, below * radius, radius, radius))
    return rounded.convert_alpha()


def blit_faded(
    surface: pygame.Surface, image: pygame.Surface, rect: pygame.Rect, opacity: float
) -> None:
    """Draw a shared ``image`` at an opacity of 0 to 1, and restore it."""
    image.set_alpha(round(255 * opacity))
    surface.blit(image, rect)
    image.set_alpha(255)
