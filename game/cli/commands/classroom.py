"""``jitterball class``: a server for a class, with the choices that a class needs."""

from typing import Annotated

import typer

from game.cli.commands.serve import (
    BasePort,
    Goals,
    LogLevel,
    LogLevelName,
    Minutes,
    PitchName,
    PitchOption,
    RoomSize,
    serve,
)
from game.cli.options.language import TextLanguage
from game.cli.options.numbers import number_option
from game.cli.options.security import AskForPassword, PasswordFile
from game.match.formation import MAX_PLAYERS
from game.protocol.addresses import DEFAULT_PORT

# Three against three: whoever comes first has somebody to play with.
_BOTS = 6
# Five against five: on the small screen of a phone more of them are hard to tell apart.
_ROOM_SIZE = 10


def classroom(
    port: BasePort = DEFAULT_PORT,
    minutes: Minutes = None,
    goals: Goals = 0,
    pitch: PitchOption = PitchName.MEDIUM,
    bots: Annotated[
        int, number_option(0, MAX_PLAYERS, "Bots in an empty room; one leaves for each player.")
    ] = _BOTS,
    room_size: RoomSize = _ROOM_SIZE,
    chat: Annotated[bool, typer.Option("--chat", help="Let players write to each other.")] = False,
    password: AskForPassword = False,
    password_file: PasswordFile = None,
    log_level: LogLevelName = LogLevel.WARNING,
    lang: TextLanguage = None,
) -> None:
    """Host matches for a class: addresses in large type, and a page for the teacher.

    Students open the page or join with jitterball play. The teacher's page sets everybody's link
    and transport. Ctrl-C ends the server.

    It is jitterball serve --class --posters --bots-give-way with choices for a class: see there.
    """
    serve(
        port=port,
        minutes=minutes,
        goals=goals,
        pitch=pitch,
        bots=bots,
        bots_give_way=True,
        room_size=room_size,
        no_chat=not chat,
        password=password,
        password_file=password_file,
        log_level=log_level,
        class_mode=True,
        posters=True,
    )
