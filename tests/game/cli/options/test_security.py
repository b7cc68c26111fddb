"""The options for passwords and certificates, and their errors."""

import os
import sys
from pathlib import Path

import pytest

from game.cli.errors import CliError
from game.cli.options import security
from game.cli.options.certificates import server_tls
from game.cli.options.security import (
    PASSWORD_VARIABLE,
    ask_for_new_password,
    read_password,
    security_options,
)
from game.cli.options.small_file import SMALL_FILE_LIMIT_BYTES
from net.security.certificates import fingerprint_of, make_self_signed
from tests.game.cli.command_line import check_errors


@pytest.fixture(autouse=True)
def no_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(PASSWORD_VARIABLE, raising=False)


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A terminal; what is typed there is taken from the list."""
    typed: list[str] = []
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(security, "getpass", lambda question: typed.pop(0))
    return typed


def test_a_password_comes_from_the_first_line_of_a_file(tmp_path: Path) -> None:
    file = tmp_path / "word"
    file.write_bytes("\ufeffcontraseña\r\nnot this\n".encode())
    assert read_password(file) == "contraseña"


def test_a_password_comes_from_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_password(None) is None
    monkeypatch.setenv(PASSWORD_VARIABLE, "sesame")
    assert read_password(None) == "sesame"
    assert security_options("lab-pc", None, None, False, None).password == "sesame"


def test_the_variable_is_not_for_a_private_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PASSWORD_VARIABLE, "sesame")
    assert security_options(None, None, None, False, None).password == ""


def test_a_password_among_the_arguments_works_and_is_warned_of(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert security_options("lab-pc", "sesame", None, False, None).password == "sesame"
    assert "list of processes" in capsys.readouterr().err


def test_a_file_with_an_empty_first_line_has_no_password(tmp_path: Path) -> None:
    file = tmp_path / "password"
    for content in (b"", b"\nsesame\n", b"   \n"):
        file.write_bytes(content)
        with pytest.raises(CliError, match="has no password"):
            read_password(file)


def test_a_new_password_is_asked_for_twice(terminal: list[str]) -> None:
    terminal += ["sesame", "sesame"]
    assert ask_for_new_password() == "sesame"
    terminal += ["sesame", "sesamo"]
    with pytest.raises(CliError, match="are different"):
        ask_for_new_password()


def test_a_certificate_is_kept_readable_by_its_owner_only_and_used_again(tmp_path: Path) -> None:
    file = tmp_path / "own.pem"
    made = server_tls(None, None, True, file)
    again = server_tls(None, None, True, file)
    assert made is not None
    assert again is not None
    assert fingerprint_of(made.certificate_pem) == fingerprint_of(again.certificate_pem)
    if sys.platform != "win32":
        assert os.stat(file).st_mode & 0o077 == 0


def test_a_certificate_and_its_key_are_taken_from_files(tmp_path: Path) -> None:
    made = make_self_signed()
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    certificate.write_bytes(made.certificate_pem)
    key.write_bytes(made.key_pem)
    assert server_tls(certificate, key, False, None) == made


def test_a_wrong_argument_is_answered_in_one_line(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False, raising=False)
    cases = [
        ("serve --password-file /no/such/file", "'/no/such/file' cannot be read"),
        ("serve --password", "asks at a terminal, and there is none"),
        ("serve --password --password-file x", "not both"),
        ("serve --tls-cert x", "belong together"),
        ("serve --tls-cert x --tls-key y --tls-self-signed", "not both"),
        ("serve --tls-cert /no/such/file --tls-key y", "'/no/such/file' cannot be read"),
        ("play lab-pc --fingerprint 12:34", "is no SHA-256 fingerprint"),
        (f"play lab-pc --fingerprint {'ab:' * 30}", "'ab:ab:ab:ab:ab:a...' is no SHA-256"),
        ("play --tls", "give its HOST"),
        ("ping lab-pc --password-file /no/such/file", "cannot be read"),
    ]
    check_errors(cases, capsys)


def test_files_that_are_no_certificate_are_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "x.pem"
    file.write_bytes(b"no certificate")
    own, other = (make_self_signed() for _ in range(2))
    certificate, key, foreign = (tmp_path / name for name in ("c.pem", "k.pem", "o.pem"))
    certificate.write_bytes(own.certificate_pem)
    key.write_bytes(own.key_pem)
    foreign.write_bytes(other.key_pem)
    serve = "serve --tls-cert {} --tls-key {}".format
    check_errors(
        [
            (serve(file, key), f"{str(file)!r} has no certificate in PEM"),
            (serve(certificate, file), f"{str(file)!r} has no private key in PEM"),
            (serve(certificate, foreign), f"{str(certificate)!r} with {str(foreign)!r}: "),
            (f"serve --tls-keep-in {file}", f"{str(file)!r} has no certificate in PEM"),
        ],
        capsys,
    )


def test_a_file_without_end_is_not_read_to_its_end(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    endless = tmp_path / "endless"
    with endless.open("wb") as file:
        file.truncate(SMALL_FILE_LIMIT_BYTES + 1)
    cases = [
        (f"serve --password-file {endless}", "has more than 1 MiB"),
        (f"serve --tls-cert {endless} --tls-key {endless}", "has more than 1 MiB"),
    ]
    if Path("/dev/zero").exists():
        cases.append(("ping lab-pc --password-file /dev/zero", "has more than 1 MiB"))
    check_errors(cases, capsys)
