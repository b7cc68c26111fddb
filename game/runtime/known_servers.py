"""Known servers: the certificates that clients have trusted at first use, kept in a file.

No authority has signed a certificate that a server made for itself. The first connection trusts it.
Later connections report another certificate, as SSH does (RFC 4251, section 4.1).
"""

from pathlib import Path

from game.runtime.atomic_file import write_atomic
from net.errors import TlsError
from net.security.certificates import differing_prefixes, format_fingerprint

__all__ = ["KnownServers"]

# More servers than anybody plays on. A file that was damaged must not fill the memory.
_SERVERS_LIMIT = 1000
_FILE_MAX_BYTES = 128 * 1024


class KnownServers:
    """The certificates in ``file``: a line for each server, its name and the SHA-256."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def check(self, server: str, fingerprint: bytes) -> bool:
        """Compare a certificate with the known one of a server; return whether there was none.

        Without a known one it is remembered, if the file can be written.
        Raises ``TlsError`` if another one is known.
        """
        known = self._read()
        shown = format_fingerprint(fingerprint)
        if server not in known:
            self._write({**known, server: shown})
            return True
        if known[server] != shown:
            found, expected = differing_prefixes(
                fingerprint, bytes.fromhex(known[server].replace(":", ""))
            )
            raise TlsError(
                f"{server} shows another certificate than before, {found} instead of {expected}: "
                f"ask its host for the fingerprint and give --fingerprint, or delete {server} "
                f"in {self._file}"
            )
        return False

    def _read(self) -> dict[str, str]:
        try:
            with self._file.open(encoding="utf-8-sig") as opened:
                text = opened.read(_FILE_MAX_BYTES)
        except (OSError, UnicodeError):
            return {}
        pairs = (line.split() for line in text.splitlines())
        return {pair[0]: pair[1] for pair in pairs if len(pair) == 2 and _is_fingerprint(pair[1])}

    def _write(self, known: dict[str, str]) -> None:
        newest = list(known.items())[-_SERVERS_LIMIT:]
        text = "".join(f"{server} {fingerprint}\n" for server, fingerprint in newest)
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            write_atomic(self._file, text.encode())
        except OSError:
            # Then the user is told at every connection that the server is new.
            return


def _is_fingerprint(text: str) -> bool:
    try:
        return len(bytes.fromhex(text.replace(":", ""))) == 32
    except ValueError:
        return False
