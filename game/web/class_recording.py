"""The recording of a class in the HTTP process, and its results as one file."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from time import perf_counter
from typing import Any

from game.lab.class_results.class_recorder import (
    ClassRecorder,
    RecorderCopy,
    Report,
    RunKey,
    StudentNow,
    known,
)

_FOLDER = "jitterball-class-{:%Y-%m-%d-%H%M}"


class ClassRecording:
    """The reports of all clients since the server started."""

    def __init__(self) -> None:
        self._recorder = ClassRecorder()
        self._started_at = perf_counter()
        self._started_on = datetime.now(UTC).astimezone()
        # The report of a long class takes seconds of computing: one at a time.
        self._is_packing = asyncio.Lock()

    def record(self, class_info: Mapping[str, Any]) -> None:
        """Add what ``class_info`` (a ``ClassInfo`` as JSON) says of everybody."""
        students = map(_student, class_info["students"])
        self._recorder.record(round(perf_counter() - self._started_at, 3), students)

    async def archive(self, language: str) -> tuple[str, bytes]:
        """Return the name and the bytes of a ZIP file with the results."""
        async with self._is_packing:
            # In a thread, so that pages are served meanwhile.
            return await asyncio.to_thread(self._archive, self._recorder.copy(), language)

    def _archive(self, copy: RecorderCopy, language: str) -> tuple[str, bytes]:
        # Imported when wanted: it takes a second, and most servers are never asked.
        from game.lab.class_results.archive import class_archive
        from game.lab.report.texts import report_texts

        folder = _FOLDER.format(datetime.now(UTC).astimezone())
        started_on = self._started_on.isoformat(timespec="seconds")
        texts = report_texts(language)
        return f"{folder}.zip", class_archive(copy.recording(), folder, started_on, texts)


def _student(info: Mapping[str, Any]) -> StudentNow:
    key = RunKey(info["name"], *(info[name] for name in RunKey._fields[1:]))
    values = {name: known(info[name]) for name in Report._fields}
    return StudentNow(info["id"], key, Report(**values))
