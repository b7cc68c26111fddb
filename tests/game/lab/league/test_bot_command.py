"""Commands of bots as users type them."""

import pytest

from game.lab.league.bot_command import BotCommandError, parse_bots


def test_a_bot_has_the_name_of_its_program() -> None:
    typed = ("./ana.py", "node my/bot.mjs", "python3 'a folder/bea.py' --fast", "/usr/bin/true")
    bots = parse_bots(typed)
    assert [bot.name for bot in bots] == ["ana", "bot", "bea", "true"]
    assert bots[2].words == ("python3", "a folder/bea.py", "--fast")


def test_a_name_may_be_given_and_is_unique() -> None:
    bots = parse_bots(("ana=python3 bot.py", "python3 bot.py", "node bot.mjs"))
    assert bots[0].name == "ana"
    assert len({bot.name for bot in bots}) == 3
    assert bots[1].words == ("python3", "bot.py")


def test_on_windows_a_backslash_separates_folders() -> None:
    (bot,) = parse_bots((r"python C:\bots\ana.py",), is_posix=False)
    assert (bot.name, bot.words[1]) == ("ana", r"C:\bots\ana.py")


@pytest.mark.parametrize(
    ("typed", "text"),
    [("", "give one, as in"), ("  ", "give one"), ("a 'b", "quotation mark"), ("''", "give one")],
)
def test_a_command_without_a_program_is_refused(typed: str, text: str) -> None:
    with pytest.raises(BotCommandError, match=text):
        parse_bots((typed,))


def test_a_name_with_its_accent_apart_is_the_same_name() -> None:
    one, other = parse_bots(("Jos\u00e9=./bot", "Jose\u0301=./bot"))
    assert one.name == "Jos\u00e9"
    assert other.name != one.name


def test_a_name_that_the_server_would_change_is_refused() -> None:
    with pytest.raises(BotCommandError, match="is no name for a bot"):
        parse_bots(("a-name-far-too-long=./bot",))
