"""Work spread over processes, its results in order: forked, so that each knows at once what was read and planned."""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import signal
import sys
import time
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, BinaryIO, Generic, TypeVar

if TYPE_CHECKING:
    from gwplan.failures.sweep import Each

T = TypeVar("T")
R = TypeVar("R")

_PAYS_AFTER = 0.2
"""Seconds that this process works alone at first: less work is done before another process has begun."""
_TOLD_EVERY = 0.2
"""Seconds after which a process tells what it has found."""
_LARGEST_CHUNK = 256
_CHUNKS_OF_EACH = 32
_MAY_FORK = hasattr(os, "fork") and sys.platform != "darwin"  # the libraries of macOS do not bear a fork


def processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def each_over(processes: int) -> Each:
    """``map`` over so many processes. The function must be pure: what it leaves behind stays in its process."""

    def each(function: Callable[[T], R], things: Iterable[T]) -> Iterator[R]:
        rest, begin = iter(things), time.monotonic()
        for thing in rest:
            yield function(thing)
            if processes > 1 and _MAY_FORK and time.monotonic() - begin > _PAYS_AFTER:
                break
        yield from _spread(function, [*rest], processes)

    return each


def _spread(function: Callable[[T], R], things: list[T], processes: int) -> Iterator[R]:
    """Chunks are dealt out like cards, and collected in the same order."""
    size = max(1, min(_LARGEST_CHUNK, len(things) // (processes * _CHUNKS_OF_EACH)))
    chunks = [things[at : at + size] for at in range(0, len(things), size)]
    workers: list[_Worker[T, R]] = []
    try:
        with contextlib.suppress(OSError):  # where no more processes are granted, fewer do it
            for number in range(min(processes, len(chunks))):
                workers.append(_Worker(function, chunks[number::processes], workers))
        for number, chunk in enumerate(chunks):
            here = number % processes
            yield from workers[here].results(chunk) if here < len(workers) else map(function, chunk)
    finally:
        for worker in workers:
            worker.end()


class _Worker(Generic[T, R]):
    """A child that works its chunks off. It leaves an interrupt to its parent, and ends when nobody listens."""

    def __init__(self, function: Callable[[T], R], chunks: Sequence[list[T]], others: Sequence[_Worker[T, R]]) -> None:
        self._function = function
        listening, telling = os.pipe()
        self._told: BinaryIO = os.fdopen(listening, "rb")
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            with warnings.catch_warnings():  # the thread that draws the progress takes no lock that a child needs
                warnings.simplefilter("ignore", DeprecationWarning)
                self._pid = os.fork()
            if not self._pid:
                self._work([listening, *(other._told.fileno() for other in others)], telling, chunks)
        except OSError:
            self._told.close()
            raise
        finally:
            os.close(telling)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})

    def results(self, chunk: list[T]) -> Iterator[R]:
        """The results of the next chunk, as they come. What a child failed to do is done here, so that an error is
        raised here."""
        done = 0
        while done < len(chunk):
            try:
                found: list[R] = pickle.load(self._told)  # noqa: S301 - from our own child
            except (EOFError, pickle.UnpicklingError):
                yield from map(self._function, chunk[done:])
                return
            yield from found
            done += len(found)

    def end(self) -> None:
        """End the child, whatever it is doing."""
        self._told.close()
        os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)

    def _work(self, inherited: Iterable[int], telling: int, chunks: Iterable[list[T]]) -> None:
        """The child's whole life, in which nothing is printed and nothing cleaned up that belongs to the parent."""
        try:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            for descriptor in inherited:
                os.close(descriptor)
            gc.freeze()  # what was inherited stays shared
            gc.enable()
            with os.fdopen(telling, "wb") as told:
                for chunk in chunks:
                    for found in _now_and_then(map(self._function, chunk)):
                        pickle.dump(found, told)
                        told.flush()
        finally:
            os._exit(0)


def _now_and_then(results: Iterable[R]) -> Iterator[list[R]]:
    """Results in lists, one for each fraction of a second, so that progress moves and an interrupt loses little."""
    found: list[R] = []
    begin = time.monotonic()
    for result in results:
        found.append(result)
        if time.monotonic() - begin > _TOLD_EVERY:
            yield found
            found, begin = [], time.monotonic()
    if found:
        yield found
