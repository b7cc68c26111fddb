"""Tests of keyboard layouts: every action has a key, one key has one action, labels are right."""

# ruff: noqa: RUF001 -- letters of other scripts that look like Latin ones are meant here

import pygame
import pytest

from game.view.actions import Action
from game.view.audio.speaker import Speaker
from game.view.keyboard import KeyboardLayout, Shortcuts
from game.view.play.screen import PlayScreen
from game.view.texts import LANGUAGES
from game.view.theme import Theme
from tests.game.view.local_comparison import LocalComparison
from tests.game.view.local_source import LocalSource
from tests.game.view.screens import SIZE, compare_screen

# Places of the keys, row by row, and the signs that SDL reports there for a layout of X11. A blank
# is a dead key. SDL gives the digits of a French or Czech keyboard their digit as sign.
PLACES = (
    (pygame.KSCAN_GRAVE, *range(pygame.KSCAN_1, pygame.KSCAN_0 + 1), 45, 46),
    (20, 26, 8, 21, 23, 28, 24, 12, 18, 19, 47, 48),
    (4, 22, 7, 9, 10, 11, 13, 14, 15, 51, 52, 49),
    (100, 29, 27, 6, 25, 5, 17, 16, 54, 55, 56),
)
LAYOUTS = {
    "us": ("`1234567890-=", "qwertyuiop[]", "asdfghjkl;'\\", "<zxcvbnm,./"),
    "ru": ("ё1234567890-=", "йцукенгшщзхъ", "фывапролджэ\\", "/ячсмитьбю."),
    "gr": ("`1234567890-=", ";ςερτυθιοπ[]", "ασδφγηξκλ '\\", "«ζχψωβνμ,./"),
    "de": (" 1234567890ß ", "qwertzuiopü+", "asdfghjklöä#", "<yxcvbnm,.-"),
    "es": ("º1234567890'¡", "qwertyuiop +", "asdfghjklñ ç", "<zxcvbnm,.-"),
    "it": ("\\1234567890'ì", "qwertyuiopè+", "asdfghjklòàù", "<zxcvbnm,.-"),
    "se": ("§1234567890+ ", "qwertyuiopå ", "asdfghjklöä'", "<zxcvbnm,.-"),
    "no": ("|1234567890+\\", "qwertyuiopå ", "asdfghjkløæ'", "<zxcvbnm,.-"),
    "dk": ("½1234567890+ ", "qwertyuiopå ", "asdfghjklæø'", "<zxcvbnm,.-"),
    "fi": ("§1234567890+ ", "qwertyuiopå ", "asdfghjklöä'", "<zxcvbnm,.-"),
    "cz": (";1234567890= ", "qwertzuiopú)", "asdfghjklů§ ", "\\yxcvbnm,.-"),
    "sk": (";1234567890= ", "qwertzuiopúä", "asdfghjklô§ň", "\\yxcvbnm,.-"),
    "fr": ("²1234567890)=", "azertyuiop $", "qsdfghjklmù*", "<wxcvbn,;:!"),
    "tr": ('"1234567890*-', "qwertyuıopğü", "asdfghjklşi,", "<zxcvbnmöç."),
    "il": (";1234567890-=", "/'קראטוןםפ][", "שדגכעיחלךף,\\", "<זסבהנמצתץ."),
    "br": ("'1234567890-=", "qwertyuiop [", "asdfghjklç ]", "\\zxcvbnm,.;"),
    "dvorak": ("`1234567890[]", "',.pyfgcrl/=", "aoeuidhtns-\\", "<;qjkxbmwvz"),
    "colemak": ("`1234567890-=", "qwfpgjluy;[]", "arstdhneio'\\", " zxcvbkm,./"),
}
# "R" is on the key that runs down, and the key in its usual place says "P".
WITHOUT_KEY = {"colemak": {"R"}}
FUNCTION_KEYS = (*range(pygame.K_F1, pygame.K_F7), pygame.K_F8)
KEYS_WITHOUT_SIGN = (pygame.K_TAB, *FUNCTION_KEYS)
RUN_PLACES = (pygame.KSCAN_W, pygame.KSCAN_A, pygame.KSCAN_S, pygame.KSCAN_D)


def layout_of(name: str) -> KeyboardLayout:
    signs = {
        place: ord(sign)
        for places, row in zip(PLACES, LAYOUTS[name], strict=True)
        for place, sign in zip(places, row, strict=True)
        if sign != " "
    }
    return KeyboardLayout(signs)


def use(name: str, monkeypatch: pytest.MonkeyPatch) -> KeyboardLayout:
    layout = layout_of(name)
    monkeypatch.setattr(KeyboardLayout, "present", lambda: layout)
    return layout


def key_presses(layout: KeyboardLayout) -> dict[str, pygame.event.Event]:
    """Return the press of each key, by its label."""
    presses = {
        layout.text_at(place) or f"dead key {place}": pygame.event.Event(
            pygame.KEYDOWN, key=layout.signs.get(place, 1 << 30 | place), scancode=place
        )
        for row in PLACES
        for place in row
    }
    for key in KEYS_WITHOUT_SIGN:
        presses[pygame.key.name(key).capitalize()] = pygame.event.Event(
            pygame.KEYDOWN, key=key, scancode=0
        )
    return presses


def compare_actions() -> tuple[Action, ...]:
    return compare_screen(LocalComparison()).actions.everything


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_action_has_one_key_with_the_label_that_is_shown(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    layout = use(name, monkeypatch)
    actions = compare_actions()
    shortcuts = Shortcuts(actions)
    presses = key_presses(layout)
    labels = {action: shortcuts.label(action) for action in actions if action.keys}
    assert {a.key_label for a, label in labels.items() if not label} == WITHOUT_KEY.get(name, set())
    wrong = [
        (action.key_label, label)
        for action, label in labels.items()
        if label and shortcuts.action_of(presses[label]) is not action
    ]
    assert not wrong
    shown = [label for label in labels.values() if label]
    assert len(shown) == len(set(shown))


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_sign_of_an_action_never_does_anything_else(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    layout = use(name, monkeypatch)
    actions = compare_actions()
    shortcuts = Shortcuts(actions)
    wrong = []
    for label, event in key_presses(layout).items():
        meant = next((action for action in actions if event.key in action.keys), None)
        if event.scancode in RUN_PLACES:
            meant = None
        elif meant is None:
            continue
        if shortcuts.action_of(event) is not meant:
            wrong.append(label)
    assert not wrong


def test_labels_are_those_of_the_players_keyboard(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = {
        "us": {"run": "WASD", "M": "M", "-": "-", "=": "=", "[": "[", "]": "]"},
        "ru": {"run": "ЦФЫВ", "M": "Ь", "-": "-", "=": "=", "[": "Х", "]": "Ъ"},
        "gr": {"run": "ΣΑΣΔ", "M": "Μ", "-": "-", "=": "=", "[": "[", "]": "]"},
        "de": {"run": "WASD", "M": "M", "-": "-", "=": "+", "[": "Ü", "]": "F6"},
        "es": {"run": "WASD", "M": "M", "-": "-", "=": "+", "[": "F5", "]": "F6"},
        "se": {"run": "WASD", "M": "M", "-": "-", "=": "+", "[": "Å", "]": "F6"},
        "cz": {"run": "WASD", "M": "M", "-": "-", "=": "=", "[": "Ú", "]": ")"},
        "fr": {"run": "ZQSD", "M": "M", "-": ")", "=": "=", "[": "F5", "]": "$"},
        "tr": {"run": "WASD", "M": "M", "-": "-", "=": "F4", "[": "Ğ", "]": "Ü"},
    }
    shown = {}
    for name, wanted in expected.items():
        layout = use(name, monkeypatch)
        actions = compare_actions()
        shortcuts = Shortcuts(actions)
        labels = {action.key_label: shortcuts.label(action) for action in actions}
        shown[name] = {"run": layout.run_keys} | {key: labels[key] for key in [*wanted][1:]}
    assert shown == expected


def test_the_present_layout_is_read_from_sdl() -> None:
    layout = KeyboardLayout.present()
    assert layout.run_keys == "WASD"
    assert layout.text_at(pygame.KSCAN_LEFTBRACKET) == "["
    assert layout.has(pygame.K_m)
    assert not layout.has(ord("ü"))


def test_a_new_layout_is_followed_in_mid_match(
    surface: pygame.Surface, theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    speaker = Speaker(is_muted=True)
    screen = PlayScreen(LocalSource(players=2), LANGUAGES["en"], speaker)
    screen.resize((1280, 720), theme)
    use("ru", monkeypatch)
    screen.handle(pygame.event.Event(pygame.KEYMAPCHANGED), 1.0)
    place_of_m = pygame.event.Event(pygame.KEYDOWN, key=ord("ь"), scancode=pygame.KSCAN_M)
    screen.handle(place_of_m, 1.0)
    assert not speaker.is_muted


def test_strip_and_help_of_the_comparison_show_the_layout(
    surface: pygame.Surface, theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = compare_screen(LocalComparison(), details=True)
    screen.resize(SIZE, theme)
    use("ru", monkeypatch)
    screen.handle(pygame.event.Event(pygame.KEYMAPCHANGED), 1.0)
    screen.draw(surface, 0.1)
    labels = {button.key_label for button, _ in screen.strip.button_rects}
    assert {"П", "И", "Х", "Ъ", "Tab", "1"} <= labels
