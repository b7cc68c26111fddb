"""Tests of the command line's messages: each has a Spanish one, which keeps the values."""

import ast
import re
from collections import Counter
from collections.abc import Iterator

import pytest

from game.cli.app import main
from game.cli.message_catalogue import in_spanish
from game.cli.spanish_messages import SPANISH_MESSAGES
from net.link.capture.packets_from_log import DROP_COMMENTS, DUPLICATE_COMMENT, RESEND_COMMENTS
from tests.game.server_texts import template, texts_for_clients
from tests.source import modules

# One worker parses the source, for all tests that read it.
pytestmark = pytest.mark.xdist_group("source")

CONVERSION = re.compile(r"%[.\d]*[a-z]")
# The functions that show their first argument to a user, in the present language.
SHOWN = {"CliError", "BadParameter", "say", "add_column", "show", "ask_password"}
# rich's table: its title and caption are shown by ``print_table``.
SHOWN_OPTIONS = {"title", "caption"}
# A program's name and its version are the same in every language.
UNTRANSLATED_PRINTS = {"jitterball:", "jitterball {}"}


def has_words(text: str) -> bool:
    return any(character.isalpha() for character in text.replace("{}", ""))


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Yield each call in the command line's modules, with the name of its function."""
    for module in modules().values():
        if not module.name.startswith("game.cli."):
            continue
        for node in module.nodes:
            if isinstance(node, ast.Call):
                function = node.func
                name = function.id if isinstance(function, ast.Name) else ""
                yield name or getattr(function, "attr", ""), node


def shown_texts() -> set[str]:
    texts: set[str] = set()
    for name, call in calls():
        if name in SHOWN:
            texts.update(map(template, call.args[:1]))
        if name == "Table":
            texts.update(template(k.value) for k in call.keywords if k.arg in SHOWN_OPTIONS)
    return {text for text in texts if has_words(text)}


def test_every_message_has_a_spanish_one() -> None:
    texts = shown_texts()
    assert len(texts) > 80
    assert not sorted(texts - set(SPANISH_MESSAGES)), "without a translation"


def test_every_literal_that_is_printed_is_translated() -> None:
    printed = {template(each) for name, call in calls() if name == "print" for each in call.args}
    assert not {text for text in printed if has_words(text)} - UNTRANSLATED_PRINTS


def test_no_key_is_translated_twice() -> None:
    keys = [
        template(key)
        for name in ("spanish_messages", "spanish_data_messages")
        for node in modules()[f"game.cli.{name}"].nodes
        if isinstance(node, ast.Dict)
        for key in node.keys
        if key is not None
    ]
    assert [key for key, count in Counter(keys).items() if count > 1] == []


def log_templates() -> set[str]:
    """Return what is logged at any level, with ``{}`` for each value."""
    texts = set()
    for module in modules().values():
        for node in module.nodes:
            match node:
                case ast.Call(
                    ast.Attribute(ast.Name("log"), "debug" | "info" | "warning" | "error"),
                    [ast.Constant(str() as text), *_],
                ):
                    # Lines that were left out are counted at the end.
                    texts.add(CONVERSION.sub("{}", text.removesuffix("%s") or text))
    return texts


def test_every_log_line_has_a_spanish_one() -> None:
    texts = log_templates()
    lines = {text if text in SPANISH_MESSAGES else f"{text}{{}}" for text in texts}
    assert len(texts) > 25
    missing = {text for text in lines if text not in SPANISH_MESSAGES and has_words(text)}
    assert not sorted(missing), "without a translation"


# Errors that only a mistake in this program raises, and answers to requests that no page sends.
UNTRANSLATED_ERRORS = {
    "ActionError",
    "AssertionError",
    "LookupError",
    "ModuleNotFoundError",
    "RuntimeError",
    "TypeError",
}
UNTRANSLATED_VALUES = {
    "the key answers tasks that are not there: {}",
    "match settings: goal_limit must be 0 or more goals",
    "match settings: {} must be over 0 seconds",
    "a reply of {} bytes is longer than its probe allows",
}
# Each variant of these has a translation.
TRANSLATED_BY_VARIANTS = {
    "line {}: {} is no line of ping -D{}",
    "{}={} {}; write one of {}, as in {}",
    "{}link: {}",
    "{}there is no {}: {}",
}


def error_templates() -> set[str]:
    """Return what errors and refusals say, with ``{}`` for each value."""
    texts = set()
    for module in modules().values():
        for node in module.nodes:
            match node:
                case ast.Raise(ast.Call(ast.Name(name), arguments)) if (
                    name not in UNTRANSLATED_ERRORS
                ):
                    texts.update(map(template, arguments))
                case ast.Call(ast.Attribute(_, "refuse" | "send_close"), arguments):
                    texts.update(map(template, arguments))
    # A part that is empty or not may stand before or behind a value.
    return {text.replace("{}{}", "{}") for text in texts if has_words(text)}


def test_every_error_has_a_spanish_message() -> None:
    texts = error_templates() - UNTRANSLATED_VALUES - TRANSLATED_BY_VARIANTS
    assert len(texts) > 200
    assert not sorted(texts - set(SPANISH_MESSAGES)), "without a translation"


def test_every_text_of_a_server_has_a_spanish_one() -> None:
    assert not sorted(texts_for_clients() - set(SPANISH_MESSAGES)), "without a translation"


def test_every_comment_of_a_capture_has_a_spanish_one() -> None:
    comments = {*DROP_COMMENTS.values(), *RESEND_COMMENTS.values(), DUPLICATE_COMMENT}
    assert not comments - set(SPANISH_MESSAGES)


@pytest.mark.parametrize("hostile", [": " * 150, "; " * 150, "a: b over c, " * 20])
def test_a_line_that_a_client_fills_is_not_searched_without_end(hostile: str) -> None:
    in_spanish.cache_clear()
    in_spanish(hostile)
    # One entry for each text inside another.
    assert in_spanish.cache_info().currsize < 64


def test_a_spanish_message_has_the_same_values() -> None:
    wrong = {
        english: spanish
        for english, spanish in SPANISH_MESSAGES.items()
        if english.count("{}") != spanish.count("{}")
    }
    assert wrong == {}


@pytest.mark.parametrize(
    ("english", "spanish"),
    [
        (
            "answer 3: rtt 12.34 ms, offset +0.000120 s ± 6.17 ms, jitter 0.50 ms",
            "respuesta 3: rtt 12,34 ms, desfase +0,000120 s ± 6,17 ms, fluctuación 0,50 ms",
        ),
        ("0.2 ± 0.1", "0,2 ± 0,1"),
        ("1.5/20.3", "1,5/20,3"),
        ("4.0%", "4,0%"),
        ("127.0.0.1", "127.0.0.1"),
        ("delay=0.5ms", "delay=0.5ms"),
        (
            "no answer: nobody listens at 127.0.0.1:7777",
            "sin respuesta: nadie escucha en 127.0.0.1:7777",
        ),
        (
            "found no server at h:1: nobody listens at h:1 over udp, but tcp answers",
            "no se encontró servidor en h:1: nadie escucha en h:1 por udp, pero tcp responde",
        ),
        ("'from' has no port: give HOST:PORT", "'from' no tiene puerto: indica HOST:PORT"),
        (
            "delay=5 lacks a unit; write one of us, ms, s, as in delay=25ms",
            "delay=5 no tiene unidad; escribe una de us, ms, s, como en delay=25ms",
        ),
        ("no line of ours", "no line of ours"),
        (
            "bad-message: 10.0.0.7:5 over udp sent an invalid message: no line of ours "
            "(and 3 more since the last)",
            "bad-message: 10.0.0.7:5 por udp envió un mensaje no válido: no line of ours "
            "(y 3 más desde la última)",
        ),
        (
            "relay: no file is free for 10.0.0.7:5 over UDP: 24 of the limit 64 are its share; "
            "raise the limit (ulimit -n)",
            "relé: no queda ningún fichero libre para 10.0.0.7:5 por UDP: su parte son 24 del "
            "límite 64; sube el límite (ulimit -n)",
        ),
        (
            "no web page: port 80 is in use by another program; choose another with --http-port",
            "sin página web: otro programa usa el puerto 80; elige otro con --http-port",
        ),
        ("teacher: pauses the match", "docente: pausa el partido"),
        ("teacher: burst of 0.30 s for everybody", "docente: corte de 0,30 s para todos"),
        ("teacher: blind test: voting", "docente: prueba a ciegas: votación"),
        (
            "the server answers over tcp, but the hello takes long",
            "el servidor responde por tcp, pero el saludo tarda mucho",
        ),
        (
            "10.0.0.7:5 over udp: received 31 bytes: HELLO, version 4, codec json, name 'Ana', "
            "room '', as a spectator",
            "10.0.0.7:5 por udp: recibidos 31 bytes: HELLO, versión 4, códec json, nombre 'Ana', "
            "sala '', como espectador",
        ),
        (
            "10.0.0.7:5 over tcp: received 9 bytes: INPUT 7: x 0, y -127, kick, and the 3 before; "
            "snapshot 12 arrived (and 20 more since the last)",
            "10.0.0.7:5 por tcp: recibidos 9 bytes: INPUT 7: x 0, y -127, disparo, y los 3 de "
            "antes; llegó el snapshot 12 (y 20 más desde la última)",
        ),
        (
            "10.0.0.7:5 over tcp: sent REFUSE, bad-message: expected HELLO (type 1), received "
            "CHALLENGE (type 9)",
            "10.0.0.7:5 por tcp: enviado REFUSE, bad-message: se esperaba HELLO (tipo 1), se "
            "recibió CHALLENGE (tipo 9)",
        ),
        (
            "bad-message: 10.0.0.7:5 over udp sent an invalid message: JoinRequest: name: 5 is no "
            "text of at most 16 characters",
            "bad-message: 10.0.0.7:5 por udp envió un mensaje no válido: JoinRequest: name: 5 no "
            "es un texto de 16 caracteres como mucho",
        ),
        (
            "10.0.0.7:5 over tcp: received 3 bytes: HELLO, version 9, codec msgpack: Hello has 0 "
            "fields of at least 1: payload is missing (01 09 90)",
            "10.0.0.7:5 por tcp: recibidos 3 bytes: HELLO, versión 9, códec msgpack: Hello tiene 0 "
            "campos de al menos 1: falta payload (01 09 90)",
        ),
        ("a.json: it is no text in UTF-8", "a.json: no es texto en UTF-8"),
        (
            "'l.toml': play_s is missing: give a number from 5 to 120",
            "'l.toml': falta play_s: indica un número de 5 a 120",
        ),
        (
            "b.json: not JSON: Expecting ',' delimiter: line 2 column 1 (char 5)",
            "b.json: no es JSON: se espera una coma: línea 2 columna 1 (carácter 5)",
        ),
        (
            "UDP 127.0.0.1:5: up 3 packets, 0 lost; down 2 packets, 1 lost",
            "UDP 127.0.0.1:5: subida 3 paquetes, 0 perdidos; bajada 2 paquetes, 1 perdidos",
        ),
        (
            "[en] title is missing: give a text in quotes",
            "falta [en] title: indica un texto entre comillas",
        ),
    ],
)
def test_values_are_kept_and_decimals_have_a_comma(english: str, spanish: str) -> None:
    assert in_spanish(english) == spanish


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("links", "Enlaces, por sentido"),
        ("transports", "legible en la red"),
        ("play --help", "Uso: jitterball play [OPCIONES]"),
        ("diagram --out x.svg --lost 9 --count 4", "de 4 snapshots el último es el número 3"),
        ("serve --prot 1", "no hay ninguna opción --prot"),
        ("play --link lossy --size 9", "--size 9: escríbelo como 1280x720"),
    ],
)
def test_a_command_speaks_spanish(
    typed: str, expected: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    main(["--lang", "es", *typed.split()])
    shown = capsys.readouterr()
    assert expected in shown.out + shown.err


def test_the_table_of_links_has_decimal_commas(capsys: pytest.CaptureFixture[str]) -> None:
    main(["links"])
    points = capsys.readouterr().out
    main(["--lang", "es", "links"])
    commas = capsys.readouterr().out
    assert "0.5%" in points
    assert "0,5%" in commas
    assert "0.5%" not in commas
