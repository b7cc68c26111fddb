"""The window of ``jitterball compare``: clients in the network thread, the screen in this one."""

from collections.abc import Mapping
from dataclasses import replace
from time import monotonic, perf_counter

from game.cli.errors import CliError, ExitCode
from game.cli.language import translator
from game.cli.options.first_minute import Opening, remember_first_minute
from game.cli.refusal import describe_refusal
from game.client.frame import Status
from game.lab.compare.client_group import ClientGroup, ClientGroupSettings
from game.lab.compare.comparison import ClientGroupSource
from game.lesson.loader import read_lessons
from game.runtime.network_thread import NetworkThread
from game.view.audio.speaker import Speaker
from game.view.compare.first_minute import FirstMinuteScreen
from game.view.compare.link_editor import LinkEditor
from game.view.compare.screen import CompareScreen
from game.view.display import check_display
from game.view.lesson.screen import LessonScreen
from game.view.screenshots import ImageWriteError
from game.view.texts import texts_for
from game.view.window import Screen, WindowResult, run_screen
from game.view.window_options import WindowOptions
from net.link.packet_log import OnLog
from net.link.profile import Link
from net.transport import Transport


def compare_in_window(
    transports: Mapping[str, Transport],
    settings: ClientGroupSettings,
    options: WindowOptions,
    opening: Opening,
    on_log: OnLog | None = None,
) -> bool:
    """Compare until the window is closed, or the requested frames are drawn.

    Return whether the player asked for the lobby.
    ``on_log`` gets the packet logs of all relays.

    Raises ``DisplayUnavailable`` if there is no display.
    Raises ``CliError`` if there is no server, it refuses, or a picture cannot be written.
    """
    if options.frames is None:
        check_display()
    # A screenshot needs no sound.
    is_muted = options.mute or options.frames is not None
    if settings.link is not None:
        # Begun here, so that the link's label and the relays agree about the position.
        settings = replace(settings, link=settings.link.playing(monotonic()))
    with ClientGroup(transports, settings, on_log) as group, NetworkThread(group.run) as network:
        source = ClientGroupSource(group, transports, network.check, translator(options.language))

        screens: list[CompareScreen] = []

        def make_screen() -> Screen:
            texts = texts_for(options.language)
            compare = CompareScreen(
                source,
                LinkEditor(settings.link or Link()),
                settings.seed,
                settings.netcode,
                texts,
                Speaker(is_muted),
                details=opening.details,
                # One panel compares nothing.
                on_learn=(lambda: screen.open_course()) if len(settings.names) > 1 else None,
                lanes=opening.packets,
            )
            screens.append(compare)
            lessons, first = opening.course or (None, 0)
            screen = LessonScreen(
                compare,
                lambda: lessons or read_lessons(),
                texts,
                is_automatic=options.frames is not None,
                closes_at_end=opening.course is not None,
            )
            if opening.course is not None:
                screen.open_course(first)
            if opening.first_minute:
                return FirstMinuteScreen(screen, compare, texts, remember_first_minute)
            return screen

        if opening.slow_motion:
            options = replace(options, before_screenshot=lambda: screens[0].show_decisive_moment())
        try:
            result = run_screen(make_screen, options)
        except ImageWriteError as failure:
            raise CliError(str(failure), ExitCode.INCOMPLETE) from failure
        status_texts = [
            client.frame(perf_counter()).status_text for client in group.clients.values()
        ]
    for client in group.clients.values():
        if client.refusal is not None and client.status is Status.REFUSED:
            raise CliError(describe_refusal(client.settings, client.refusal), ExitCode.REFUSED)
    reason = next((text for text in status_texts if text), "no answer yet")
    if result is WindowResult.NO_SERVER:
        raise CliError(f"found no server at {settings.address}: {reason}", ExitCode.NO_SERVER)
    if result is WindowResult.SERVER_LOST:
        raise CliError(f"lost the server at {settings.address}: {reason}", ExitCode.NO_SERVER)
    return any(screen.wants_lobby for screen in screens)
