"""Tests of the menu: mouse and keyboard, at any pixel density, and no effect while closed."""

import pygame
import pytest

from game.view import colours
from game.view.theme import Theme
from game.view.widgets.hints import HINT_AFTER_S
from game.view.widgets.menu import Menu, MenuItem
from tests.game.view.pixels import count, differs

AREA = pygame.Rect(0, 0, 1280, 720)


class RecordedItems:
    """Menu items that record which of them was chosen."""

    def __init__(self) -> None:
        self.chosen: list[str] = []
        self.names = ["Resume", "TCP", "Salir"]

    def items(self) -> list[MenuItem]:
        return [MenuItem(name, lambda name=name: self.chosen.append(name)) for name in self.names]


@pytest.fixture
def items() -> RecordedItems:
    return RecordedItems()


@pytest.fixture
def menu(items: RecordedItems, theme: Theme) -> Menu:
    menu = Menu("Jitterball", "hint", items.items)
    menu.place(AREA, theme)
    return menu


# Signs on the keys that run up and down: on an English and on a Russian keyboard.
PLACES = {
    pygame.K_w: pygame.KSCAN_W,
    pygame.K_s: pygame.KSCAN_S,
    ord("ц"): pygame.KSCAN_W,
    ord("ы"): pygame.KSCAN_S,
}


def press(menu: Menu, *keys: int) -> None:
    for key in keys:
        place = PLACES.get(key, pygame.KSCAN_UNKNOWN)
        menu.handle(pygame.event.Event(pygame.KEYDOWN, key=key, scancode=place), 1.0)


def click(
    menu: Menu, point: tuple[int, int], pixels_per_unit: float, patch: pytest.MonkeyPatch
) -> None:
    """Click at a point in the window's units, as SDL reports it."""
    patch.setattr(pygame.mouse, "get_pos", lambda: point)
    surface = pygame.Surface(AREA.size)
    menu.handle(pygame.event.Event(pygame.MOUSEMOTION, pos=point), pixels_per_unit)
    menu.draw(surface, 0.0)
    for kind in (pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP):
        menu.handle(pygame.event.Event(kind, pos=point, button=1), pixels_per_unit)


def test_it_is_seen_only_while_open(surface: pygame.Surface, menu: Menu) -> None:
    before = surface.copy()
    menu.draw(surface, 0.0)
    assert not menu.is_open
    assert not differs(before, surface, AREA)
    menu.open()
    menu.draw(surface, 0.0)
    assert menu.is_open
    assert count(surface, AREA, colours.BUTTON, tolerance=3) > 10_000
    menu.close()
    surface.blit(before, (0, 0))
    menu.draw(surface, 0.1)
    assert not differs(before, surface, AREA)


def test_it_is_opaque(surface: pygame.Surface, menu: Menu) -> None:
    menu.open()
    pictures = []
    for colour in (colours.BLACK, colours.WHITE):
        surface.fill(colour)
        menu.draw(surface, 0.0)
        pictures.append(surface.copy())
    assert not differs(*pictures, menu.buttons_rect.inflate(20, 20))


def test_the_chosen_item_looks_different(surface: pygame.Surface, menu: Menu) -> None:
    menu.open()
    menu.draw(surface, 0.0)
    blue = pygame.mask.from_threshold(surface, colours.BLUE, (4, 4, 4))
    first = blue.centroid()
    press(menu, pygame.K_DOWN)
    menu.draw(surface, 0.1)
    second = pygame.mask.from_threshold(surface, colours.BLUE, (4, 4, 4)).centroid()
    assert second[0] == pytest.approx(first[0], abs=3)
    assert second[1] > first[1] + 30


def test_keys_choose_and_press(theme: Theme) -> None:
    expected = {
        (pygame.K_RETURN,): "Resume",
        (pygame.K_DOWN, pygame.K_RETURN): "TCP",
        (pygame.K_TAB, pygame.K_s, pygame.K_SPACE): "Salir",
        (pygame.K_UP, pygame.K_KP_ENTER): "Salir",
        (*(pygame.K_DOWN,) * 3, pygame.K_RETURN): "Resume",
        (pygame.K_DOWN, pygame.K_w, pygame.K_RETURN): "Resume",
        (ord("ы"), ord("ы"), ord("ц"), pygame.K_RETURN): "TCP",
    }
    chosen = {}
    for keys in expected:
        items = RecordedItems()
        menu = Menu("Jitterball", "hint", items.items)
        menu.place(AREA, theme)
        menu.open()
        press(menu, *keys)
        chosen[keys] = items.chosen
    assert chosen == {keys: [name] for keys, name in expected.items()}


@pytest.mark.parametrize("pixels_per_unit", [1.0, 2.0])
def test_a_click_presses_the_button_under_it(
    menu: Menu, items: RecordedItems, monkeypatch: pytest.MonkeyPatch, pixels_per_unit: float
) -> None:
    menu.open()
    middle = (round(640 / pixels_per_unit), round(360 / pixels_per_unit))
    click(menu, middle, pixels_per_unit, monkeypatch)
    assert items.chosen == ["TCP"]
    click(menu, (5, 5), pixels_per_unit, monkeypatch)
    assert items.chosen == ["TCP"]


def test_items_are_refreshed_after_a_choice(menu: Menu, items: RecordedItems) -> None:
    menu.open()
    items.names.append("Quit")
    press(menu, pygame.K_RETURN, pygame.K_UP, pygame.K_RETURN)
    assert items.chosen == ["Resume", "Quit"]


def test_closed_it_takes_no_keys(menu: Menu, items: RecordedItems) -> None:
    press(menu, pygame.K_RETURN)
    menu.open()
    menu.close()
    press(menu, pygame.K_RETURN)
    assert items.chosen == []


def test_an_open_menu_follows_the_window(
    surface: pygame.Surface, menu: Menu, items: RecordedItems, monkeypatch: pytest.MonkeyPatch
) -> None:
    menu.open()
    menu.place(pygame.Rect(0, 0, 640, 400), Theme((640, 400)))
    click(menu, (320, 200), 1.0, monkeypatch)
    assert items.chosen == ["TCP"]


def test_without_a_place_it_says_what_is_missing(items: RecordedItems) -> None:
    with pytest.raises(RuntimeError, match="place"):
        Menu("Jitterball", "hint", items.items).open()


def test_an_entry_says_what_it_does_when_the_mouse_rests_on_it(theme: Theme) -> None:
    items = [MenuItem("Resume", lambda: None, "close the menu"), MenuItem("Quit", lambda: None)]
    menu = Menu("Jitterball", "", lambda: items)
    menu.place(AREA, theme)
    surface = pygame.Surface(AREA.size)
    menu.open()
    menu.draw(surface, 1.0)
    first = pygame.Rect(menu.buttons_rect.topleft, (20, 20))
    move(menu, first.center, 0.5)
    assert menu.hint_at_mouse(1.0) is None
    hint = menu.hint_at_mouse(1.0 + HINT_AFTER_S)
    assert hint is not None
    assert hint[0] == "close the menu"
    assert hint[1].collidepoint(first.center)
    without, with_hint = surface.copy(), surface.copy()
    menu.draw(without, 1.0)
    menu.draw(with_hint, 1.0 + HINT_AFTER_S)
    assert differs(without, with_hint, AREA)
    move(menu, (menu.buttons_rect.centerx, menu.buttons_rect.bottom - 5), 1.0)
    assert menu.hint_at_mouse(9.0) is None
    move(menu, first.center, 1.0)
    menu.close()
    assert menu.hint_at_mouse(9.0) is None


def move(menu: Menu, point: tuple[int, int], pixels_per_unit: float) -> None:
    """Move the mouse to ``point``, in pixels."""
    units = round(point[0] / pixels_per_unit), round(point[1] / pixels_per_unit)
    menu.handle(pygame.event.Event(pygame.MOUSEMOTION, pos=units), pixels_per_unit)


SIZES = [(1280, 720), (1024, 600), (640, 360), (700, 1150)]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize("count", [3, 9, 14])
def test_the_hint_of_an_entry_covers_no_entry(
    size: tuple[int, int], scale: float, count: int
) -> None:
    hint = "leave the match and choose another game, another transport or another link"
    items = [MenuItem(f"Entry {number}", lambda: None, hint) for number in range(count)]
    menu = Menu("Jitterball", "arrows and Enter", lambda: items)
    area = pygame.Rect((0, 0), size)
    menu.place(area, Theme(size, scale))
    surface = pygame.Surface(size)
    menu.open()
    menu.draw(surface, 1.0)
    shown = []
    for number in range(1, 20):
        move(menu, (menu.buttons_rect.left + 5, menu.buttons_rect.top + 20 * number), 1.0)
        if box := menu.draw(surface, 1.0 + number):
            shown.append(box)
    assert shown
    for box in shown:
        assert area.contains(box)
        assert not box.colliderect(menu.buttons_rect)
