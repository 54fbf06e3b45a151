"""The ``neurodata`` command, run as a process: it holds the keys, signs, unseals, checks and re-executes."""

from __future__ import annotations

import json
import os
import queue
import re
import shutil
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

from .errors import NeuroDataError


@dataclass(frozen=True, kw_only=True)
class Progress:
    """Something that goes on: ``done`` of ``total`` bytes or counts, ``total`` None where nobody knows."""

    stage: str
    done: float
    total: float | None = None
    note: str = ""


ProgressCallback = Callable[[Progress], None]

#: Lines of what the program said last that an error shows.
SHOWN_LINES = 20
#: Seconds that it may take to end once it is told to.
LAST_WORDS = 5.0


@dataclass(frozen=True)
class Answer:
    """``failed``: it did what was asked, and the answer is no."""

    value: object
    failed: bool


class Program:
    """Runs commands with ``--json``. Words go to the process as they are: there is no shell. Secrets go by its environment, which other users cannot read, never by its words.

    :param command: the program and its first words; else ``NEURODATA_CLI``, else ``neurodata`` on the PATH
    :param environment: variables for it, besides those of this process
    :param first: words before each command, such as ``--as=alice``
    """

    def __init__(self, command: Sequence[str] | str | None, *, environment: Mapping[str, str], first: Sequence[str] = ()) -> None:
        self._given = command
        self._environment = dict(environment)
        self._first = tuple(first)

    def run(self, words: Sequence[str], *, progress: ProgressCallback | None = None, timeout: float | None = None) -> Answer:
        """Runs a command to its end. ``progress`` is called on this thread; what it raises ends the program.

        :param timeout: seconds after which the program is ended
        :raises NeuroDataError: what the program refuses; ``NO_PROGRAM``, ``PROGRAM_FAILED``, ``TIMEOUT``
        """
        with self._started([*self._command(), "--json", *self._first, *words]) as process:
            said, shown = self._listen(process, progress, timeout)
            code = process.wait()
        return _answer(code, said, shown)

    def _command(self) -> list[str]:
        given = self._given or os.environ.get("NEURODATA_CLI") or shutil.which("neurodata")
        if not given:
            raise NeuroDataError(
                "There is no neurodata command.",
                code="NO_PROGRAM",
                remedy="Set NEURODATA_CLI to the path of neurodata.mjs (apps/cli/bin in a checkout), or put neurodata on the PATH.",
            )
        words = [given] if isinstance(given, str) else list(given)
        # A batch file is run by a shell, which reads words otherwise than they were written.
        if re.search(r"\.(cmd|bat)$", words[0], re.IGNORECASE):
            raise NeuroDataError(f"{words[0]} is a batch file.", code="NO_PROGRAM", remedy="Set NEURODATA_CLI to the path of neurodata.mjs.")
        if words[0].endswith((".mjs", ".js", ".ts")):
            words.insert(0, os.environ.get("NEURODATA_NODE") or shutil.which("node") or "node")
        return words

    @contextmanager
    def _started(self, words: list[str]) -> Iterator[subprocess.Popen[bytes]]:
        environment = {**os.environ, **self._environment, "NEURODATA_PROGRESS": "json", "NO_COLOR": "1"}
        try:
            process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)
        except OSError as cause:
            raise NeuroDataError(f"{words[0]} cannot be started.", code="NO_PROGRAM", remedy="Look whether NEURODATA_CLI names a program.", details=str(cause)) from cause
        try:
            yield process
        finally:
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(LAST_WORDS)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
            for pipe in (process.stdout, process.stderr):
                if pipe:
                    pipe.close()

    def _listen(self, process: subprocess.Popen[bytes], progress: ProgressCallback | None, timeout: float | None) -> tuple[str, str]:
        """What it says on stdout, and the last lines that it says to people."""
        assert process.stdout and process.stderr
        pieces: queue.SimpleQueue[tuple[str, bytes]] = queue.SimpleQueue()
        for name, pipe in (("out", process.stdout), ("err", process.stderr)):
            threading.Thread(target=_pump, args=(name, pipe, pieces), daemon=True).start()
        until = None if timeout is None else time.monotonic() + timeout
        said: list[bytes] = []
        shown: deque[str] = deque(maxlen=SHOWN_LINES)
        open_pipes = 2
        while open_pipes:
            try:
                name, line = pieces.get(timeout=None if until is None else max(0.0, until - time.monotonic()))
            except queue.Empty:
                raise NeuroDataError(f"The program did not end within {timeout} s.", code="TIMEOUT", remedy="Look what it has done, then give it more time.", details="\n".join(shown)) from None
            if not line:
                open_pipes -= 1
            elif name == "out":
                said.append(line)
            else:
                told = _progress_of(line)
                if told is None:
                    shown.append(line.decode("utf-8", "replace").rstrip())
                elif progress:
                    progress(told)
        return b"".join(said).decode("utf-8", "replace"), "\n".join(shown)


def _pump(name: str, pipe: IO[bytes], pieces: queue.SimpleQueue[tuple[str, bytes]]) -> None:
    try:
        for line in pipe:
            pieces.put((name, line))
    except ValueError:
        # The pipe was closed from the other side of this process, which no longer listens.
        pass
    pieces.put((name, b""))


def _progress_of(line: bytes) -> Progress | None:
    if not line.startswith(b'{"progress"'):
        return None
    try:
        told = json.loads(line)["progress"]
        return Progress(stage=str(told["stage"]), done=float(told["done"]), total=None if told.get("total") is None else float(told["total"]), note=str(told.get("note", "")))
    except (ValueError, KeyError, TypeError):
        return None


def _answer(code: int, said: str, shown: str) -> Answer:
    if code == 2:
        raise NeuroDataError("The program does not understand what it was asked.", code="BAD_INPUT", remedy="Correct what is named below; it may also be older than this package.", details=shown)
    try:
        value = json.loads(said)
    except ValueError:
        raise NeuroDataError(f"The program ended ({code}) without an answer.", code="PROGRAM_FAILED", remedy="Read below what it said.", details=shown) from None
    error = value.get("error") if isinstance(value, dict) else None
    if code != 0 and isinstance(error, dict):
        raise NeuroDataError(str(error.get("message", "The program refused.")), code=str(error.get("code", "PROGRAM_FAILED")), remedy=error.get("remedy"), details=error.get("details"))
    return Answer(value, code != 0)
