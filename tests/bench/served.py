"""``jitterball serve`` in a process of its own, with its log in a file."""

import re
import signal
import subprocess
import sys
from pathlib import Path
from time import perf_counter

LOOPBACK = "127.0.0.1"
TROUBLE = re.compile(r"WARNING|ERROR|CRITICAL|Traceback|Warning:")


class Server:
    """Running server on free loopback ports; ``options`` are those of the command."""

    def __init__(self, log: Path, *options: str) -> None:
        self._log = log
        command = [sys.executable, "-W", "default", "-m", "game", "serve", "--no-http", *options]
        with log.open("w") as stderr:
            self.process = subprocess.Popen(
                [*command, "--host", LOOPBACK, "--port", "0"],
                stdout=subprocess.PIPE,
                stderr=stderr,
                text=True,
            )
        greeting = self.process.stdout.readline()
        self.port = int(re.search(r"port (\d+)", greeting)[1])

    def stop(self) -> dict[str, object]:
        """Interrupt it as Ctrl-C does; return its exit code and the seconds it took to end."""
        began = perf_counter()
        self.process.send_signal(signal.SIGINT)
        try:
            code = self.process.wait(10.0)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = self.process.wait()
        seconds = perf_counter() - began
        self.process.stdout.close()
        return {"exit_code": code, "ended_after_s": round(seconds, 3)}

    def troubles(self) -> list[str]:
        """Return its log lines that are warnings, errors or tracebacks."""
        return [line for line in self._log.read_text().splitlines() if TROUBLE.search(line)]
