"""Work spread over processes gives what one process gives, in order, and leaves nobody behind."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest
from support import ROOT

from gwplan.cli import processes
from gwplan.cli.processes import each_over
from gwplan.failures.sweep import sweep
from gwplan.inventory.load import load

HERE = os.getpid()

pytestmark = pytest.mark.skipif(not processes._MAY_FORK, reason="nothing is forked here")


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "_PAYS_AFTER", 0.0)


@pytest.mark.parametrize("number", [1, 2, 3, 40])
def test_results_come_in_order_whoever_made_them(number: int) -> None:
    found = [*each_over(number)(lambda thing: (thing * thing, os.getpid() == HERE), range(100))]

    assert [square for square, _ in found] == [thing * thing for thing in range(100)]
    assert all(is_here for _, is_here in found) == (number == 1)


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("number", [2, 5])
def test_a_sweep_is_the_same_over_any_number_of_processes(order: int, number: int) -> None:
    inventory = load(str(ROOT / "inventories" / "two-sites.yaml"))
    alone, spread = sweep(inventory, order=order), sweep(inventory, order=order, each=each_over(number))

    assert (spread.results, spread.singles, spread.examined) == (alone.results, alone.singles, alone.examined)


def test_an_error_in_a_process_is_told_by_the_first() -> None:
    def fail(thing: int) -> int:
        return 100 // (thing - 7)

    with pytest.raises(ZeroDivisionError):
        list(each_over(3)(fail, range(20)))


def test_what_a_process_that_is_killed_owes_is_done_by_the_first() -> None:
    def die_at_seven(thing: int) -> int:
        if thing == 7 and os.getpid() != HERE:
            os.kill(os.getpid(), signal.SIGKILL)
        return thing

    assert list(each_over(2)(die_at_seven, range(20))) == [*range(20)]


def test_where_no_more_processes_are_granted_fewer_do_it(monkeypatch: pytest.MonkeyPatch) -> None:
    fork, granted = os.fork, iter((True, False))

    def scarce() -> int:
        if next(granted):
            return fork()
        raise BlockingIOError

    monkeypatch.setattr(os, "fork", scarce)

    assert list(each_over(3)(lambda thing: thing + 1, range(20))) == [*range(1, 21)]


def test_an_interrupt_reaches_only_the_first_and_ends_the_others(tmp_path: Path) -> None:
    def write(thing: int) -> int:
        if os.getpid() != HERE:
            (tmp_path / str(os.getpid())).touch()
            os.kill(os.getpid(), signal.SIGINT)  # as a terminal sends it to all
            if thing > 5:
                time.sleep(60)
        return thing

    found = []
    with pytest.raises(KeyboardInterrupt):
        for result in each_over(2)(write, range(20)):
            found.append(result)
            if result == 5:
                raise KeyboardInterrupt

    assert found == [0, 1, 2, 3, 4, 5]
    children = [int(file.name) for file in tmp_path.iterdir()]
    assert len(children) == 2
    for child in children:
        with pytest.raises(ProcessLookupError):
            os.kill(child, 0)


def test_what_was_found_is_told_before_a_chunk_is_done(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(processes, "_TOLD_EVERY", 0.0)
    monkeypatch.setattr(processes, "_CHUNKS_OF_EACH", 1)
    go_on = tmp_path / "go on"

    def wait_at_three(thing: int) -> int:
        while thing == 3 and os.getpid() != HERE and not go_on.exists():
            time.sleep(0.01)
        return thing

    found = iter(each_over(2)(wait_at_three, range(20)))
    told = [next(found) for _ in range(3)]  # the third stands in a chunk that is not done
    go_on.touch()

    assert [*told, *found] == [*range(20)]
