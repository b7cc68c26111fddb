"""The test connection before a password prompt, without an answer."""

import os
import signal
import socket
import sys
import threading

import pytest

from game.cli.options.password_prompt import prompt_until_accepted
from net.registry import load_transport
from net.security.options import SecurityOptions
from net.transport import Address


@pytest.mark.skipif(sys.platform == "win32", reason="no signal can be sent to one process there")
def test_an_interrupt_during_its_look_up_ends_the_command_at_once(monkeypatch):
    numbers, asked, end = socket.getaddrinfo, threading.Event(), threading.Event()

    def dead_name_server(host, *arguments, flags=0, **options):
        if flags & socket.AI_NUMERICHOST:
            return numbers(host, *arguments, flags=flags, **options)
        asked.set()
        end.wait(60)
        raise socket.gaierror(socket.EAI_AGAIN, "no answer")

    def interrupt():
        asked.wait(60)
        os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(socket, "getaddrinfo", dead_name_server)
    threading.Thread(target=interrupt).start()
    try:
        with pytest.raises(KeyboardInterrupt):
            prompt_until_accepted(
                load_transport("udp"), Address("interrupted.example", 7777), SecurityOptions()
            )
    finally:
        end.set()
