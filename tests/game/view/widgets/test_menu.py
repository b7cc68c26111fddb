"""The menu works by mouse and by keyboard, on any density of pixels, and costs nothing closed."""

import pygame
import pytest

from game.view import colours
from game.view.theme import Theme
from game.view.widgets.menu import Menu, MenuItem
from tests.game.view.pixels import count, differs

AREA = pygame.Rect(0, 0, 1280, 720)


class ArrivalOrder:
    """Remembers which items were chosen."""

    def __init__(self) -> None:
        self.chosen: list[str] = []
        self.names = ["Resume", "TCP", "Salir"]

    def items(self) -> list[MenuItem]:
        return [MenuItem(name, lambda name=name: self.chosen.append(name)) for name in self.names]


@pytest.fixture
def order() -> ArrivalOrder:
    return ArrivalOrder()


@pytest.fixture
def menu(order: ArrivalOrder, theme: Theme) -> Menu:
    menu = Menu("Jitterball", "hint", order.items)
    menu.place(AREA, theme)
    return menu


def press(menu: Menu, *keys: int) -> None:
    for key in keys:
        menu.handle(pygame.event.Event(pygame.KEYDOWN, key=key), 1.0)


def click(
    menu: Menu, point: tuple[int, int], pixels_per_unit: float, patch: pytest.MonkeyPatch
) -> None:
    """Click at a place in the window's units, as SDL tells it."""
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


def test_nothing_shines_through_it(surface: pygame.Surface, menu: Menu) -> None:
    menu.open()
    pictures = []
    for colour in (colours.BLACK, colours.WHITE):
        surface.fill(colour)
        menu.draw(surface, 0.0)
        pictures.append(surface.copy())
    inside = menu._buttons[0].rect.unionall([button.rect for button in menu._buttons])
    assert not differs(*pictures, inside.inflate(20, 20))


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


@pytest.mark.parametrize(
    ("keys", "chosen"),
    [
        ((pygame.K_RETURN,), "Resume"),
        ((pygame.K_DOWN, pygame.K_RETURN), "TCP"),
        ((pygame.K_TAB, pygame.K_s, pygame.K_SPACE), "Salir"),
        ((pygame.K_UP, pygame.K_KP_ENTER), "Salir"),
        ((pygame.K_DOWN,) * 3 + (pygame.K_RETURN,), "Resume"),
        ((pygame.K_DOWN, pygame.K_w, pygame.K_RETURN), "Resume"),
    ],
)
def test_keys_choose_and_press(
    menu: Menu, order: ArrivalOrder, keys: tuple[int, ...], chosen: str
) -> None:
    menu.open()
    press(menu, *keys)
    assert order.chosen == [chosen]


@pytest.mark.parametrize("pixels_per_unit", [1.0, 2.0])
def test_a_click_presses_the_button_under_it(
    menu: Menu, order: ArrivalOrder, monkeypatch: pytest.MonkeyPatch, pixels_per_unit: float
) -> None:
    menu.open()
    middle = (round(640 / pixels_per_unit), round(360 / pixels_per_unit))
    click(menu, middle, pixels_per_unit, monkeypatch)
    assert order.chosen == ["TCP"]
    click(menu, (5, 5), pixels_per_unit, monkeypatch)
    assert order.chosen == ["TCP"]


def test_what_it_offers_is_asked_anew_after_a_choice(menu: Menu, order: ArrivalOrder) -> None:
    menu.open()
    order.names.append("Quit")
    press(menu, pygame.K_RETURN, pygame.K_UP, pygame.K_RETURN)
    assert order.chosen == ["Resume", "Quit"]


def test_closed_it_takes_no_keys(menu: Menu, order: ArrivalOrder) -> None:
    press(menu, pygame.K_RETURN)
    menu.open()
    menu.close()
    press(menu, pygame.K_RETURN)
    assert order.chosen == []


def test_an_open_menu_follows_the_window(
    surface: pygame.Surface, menu: Menu, order: ArrivalOrder, monkeypatch: pytest.MonkeyPatch
) -> None:
    menu.open()
    menu.place(pygame.Rect(0, 0, 640, 400), Theme((640, 400)))
    click(menu, (320, 200), 1.0, monkeypatch)
    assert order.chosen == ["TCP"]


def test_without_a_place_it_says_what_is_missing(order: ArrivalOrder) -> None:
    with pytest.raises(RuntimeError, match="place"):
        Menu("Jitterball", "hint", order.items).open()
