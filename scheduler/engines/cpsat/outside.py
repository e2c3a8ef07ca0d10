"""Solver processes as seen by the one that asks: started early, used again, ended with it."""

from __future__ import annotations

import atexit
import contextlib
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

from scheduler.engines.contract import CrashError
from scheduler.engines.cpsat.messages import get, put

IDLE = 2
"""Processes that wait for work at most."""
DYING = 5.0
"""Seconds that a process has from closing its pipe to its end."""
LAST_WORDS = 400
"""Characters of what a process wrote to standard error that are told after it has ended."""


class _Gone:
    """Comes after the last message of a process."""


class Outside:
    """One solver process. Sending never waits: messages are written by a thread, and read by another. program: the
    module it runs; variables: of its environment."""

    def __init__(self, program: str = "scheduler.engines.cpsat.child", **variables: str) -> None:
        root = Path(__file__).parents[3]
        paths = os.pathsep.join([str(root), *(p for p in sys.path if p)])
        self.words: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  lives as long as the process
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", program], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=self.words, env={**os.environ, "PYTHONPATH": paths, **variables})
        self.inbox: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self.outbox: queue.SimpleQueue[Any] = queue.SimpleQueue()
        for loop in (self._read, self._write):
            threading.Thread(target=loop, daemon=True).start()

    def _read(self) -> None:
        pipe = cast(BinaryIO, self.process.stdout)
        # a process may end anywhere, within a message too: whatever that raises, it is gone
        with contextlib.suppress(Exception):
            while True:
                self.inbox.put(get(pipe))
        self.inbox.put(_Gone())

    def _write(self) -> None:
        pipe = cast(BinaryIO, self.process.stdin)
        with contextlib.suppress(OSError, ValueError):  # the reader notices too
            while (message := self.outbox.get()) is not None:
                put(pipe, message)

    def alive(self) -> bool:
        """Whether the process runs."""
        return self.process.poll() is None

    def send(self, message: Any) -> None:
        """Sends a message soon."""
        self.outbox.put(message)

    def receive(self, seconds: float) -> Any:
        """The next message, None after so long without one. Raises CrashError after the last."""
        try:
            message = self.inbox.get(timeout=seconds)
        except queue.Empty:
            return None
        if isinstance(message, _Gone):
            raise CrashError(self.obituary())
        return message

    def obituary(self) -> str:
        """How the process ended, and its last words."""
        try:
            code = self.process.wait(DYING)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = self.process.wait()
        how = f"exit code {code}"
        if code < 0:
            with contextlib.suppress(ValueError):
                how = signal.Signals(-code).name
        self.words.seek(0, os.SEEK_END)
        self.words.seek(max(0, self.words.tell() - LAST_WORDS))
        words = " ".join(self.words.read().decode(errors="replace").split())
        return f"the solver's process ended by {how}" + (f", saying: {words}" if words else "")

    def end(self) -> None:
        """Ends the process now."""
        self.outbox.put(None)
        with contextlib.suppress(OSError):
            self.process.kill()
        self.process.wait()

    def forget(self) -> None:
        """Lets go of a process that belongs to another: the pipes of a copied process must not keep it alive."""
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    os.close(pipe.fileno())
        self.process.returncode = 0


class Waiting:
    """Processes that wait for work."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.idle: list[Outside] = []
        self.closed = False

    def warm(self, number: int = 1) -> None:
        """Sees to it that so many processes wait, or are about to."""
        with self.lock:
            self.idle = [x for x in self.idle if x.alive()]
            while len(self.idle) < min(number, IDLE) and not self.closed:
                self.idle.append(Outside())

    def take(self) -> Outside:
        """A process, for one job."""
        with self.lock:
            while self.idle:
                found = self.idle.pop(0)
                if found.alive():
                    return found
        return Outside()

    def give_back(self, process: Outside) -> None:
        """After a job that was answered."""
        with self.lock:
            if len(self.idle) < IDLE and not self.closed and process.alive():
                self.idle.append(process)
                return
        process.end()

    def close(self) -> None:
        """Ends all that wait; none is kept from now on."""
        with self.lock:
            self.closed = True
            idle, self.idle = self.idle, []
        for process in idle:
            process.end()

    def forget(self) -> None:
        """In a copied process: those of the original are not ours."""
        for process in self.idle:
            process.forget()
        self.lock, self.idle, self.closed = threading.Lock(), [], False


WAITING = Waiting()
atexit.register(WAITING.close)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=WAITING.forget)
