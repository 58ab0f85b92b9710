from __future__ import annotations

import asyncio
import threading
from datetime import UTC, datetime, timedelta

import pytest

from app.testing import clock as clocks
from app.testing.clock import Clock, NeverAtRest, Rest


@pytest.fixture
async def rest(clock):
    watched = Rest(clock)
    yield watched
    watched.release()


async def test_time_stands_still_until_it_is_moved(clock, rest):
    loop = asyncio.get_running_loop()
    before = (clock.now(), loop.time())
    await asyncio.to_thread(threading.Event().wait, 0.01)
    assert (clock.now(), loop.time()) == before
    await clock.advance(timedelta(minutes=2))
    assert clock.now() - before[0] == timedelta(minutes=2)
    assert loop.time() - before[1] == pytest.approx(120)


async def test_timers_fire_in_order_and_at_their_moment(clock, rest):
    heard = []
    start = clock.now()

    async def sleeper(seconds: float) -> None:
        await asyncio.sleep(seconds)
        heard.append((clock.now() - start).total_seconds())

    tasks = [asyncio.create_task(sleeper(s)) for s in (30, 10, 20, 90)]
    await clock.advance(60)
    assert heard == pytest.approx([10, 20, 30], abs=1e-5)
    tasks[-1].cancel()


async def test_coming_to_rest_lets_near_timers_fire_and_far_ones_wait(clock, rest):
    heard = []
    loop = asyncio.get_running_loop()
    loop.call_later(0.3, heard.append, "near")
    loop.call_later(5, heard.append, "far")
    await rest.come()
    assert heard == ["near"]


async def test_coming_to_rest_waits_for_threads_of_any_executor(rest):
    heard = []

    async def work() -> None:
        heard.append(await asyncio.to_thread(lambda: threading.Event().wait(0.02)))

    task = asyncio.create_task(work())
    await rest.come()
    assert task.done()
    assert rest.waited > 0.01


async def test_coming_to_rest_waits_for_aiosqlite(rest):
    import aiosqlite

    heard = []

    async def work() -> None:
        async with aiosqlite.connect(":memory:") as database:
            for _ in range(20):
                await database.execute("SELECT 1")
            heard.append("done")

    task = asyncio.create_task(work())
    await rest.come()
    assert heard == ["done"]
    await task


async def test_an_app_that_never_rests_is_told(rest, monkeypatch):
    monkeypatch.setattr(clocks, "TURNS", 500)

    async def spin() -> None:
        while True:  # noqa: ASYNC110 - the fault under test
            await asyncio.sleep(0)

    task = asyncio.create_task(spin())
    with pytest.raises(NeverAtRest, match="500 turns"):
        await rest.come()
    task.cancel()


async def test_a_thread_that_never_ends_is_told(rest, monkeypatch):
    monkeypatch.setattr(clocks, "DEADLINE", 0.05)
    stop = threading.Event()
    task = asyncio.create_task(asyncio.to_thread(stop.wait))
    with pytest.raises(NeverAtRest, match="thread"):
        await rest.come()
    stop.set()
    await task


def test_a_clock_without_a_loop_just_moves():
    clock = Clock(datetime(2026, 1, 1, tzinfo=UTC))
    asyncio.run(clock.advance(1.5))
    assert clock.now() == datetime(2026, 1, 1, 0, 0, 1, 500000, tzinfo=UTC)
