"""Ten thousand notices over channels whose servers fail three times in ten, in every way there is: each is delivered and takes effect
once, or is given up and a person is told, who has it sent again.

So many as GONGJIAN_DELIVERIES says. The figures are printed."""

import os
import re
import time
from collections import Counter as Tally
from collections.abc import Callable
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import func, select

from services.actor import SERVICE
from services.channels.again import retry
from services.channels.deliver import deliver
from services.channels.keep import Wanted, add
from services.clock import SettableClock
from services.db.models.channel import Attempt, Channel, Delivery
from services.db.queries.channels import given_up
from services.runtime import Runtime
from services.settings import Channels
from tests.builders import BEGAN, COUNTY, TOWN, Town, found, uscc
from tests.receivers import HEARD_ALL_THE_SAME, Heard, receiver

MANY = int(os.environ.get("GONGJIAN_DELIVERIES") or 150)
FAILS = 0.3
#: In every way named: refused with 200, no answer, an answer without end, refused, cut off after hearing, an error after hearing, too fast,
#: sent elsewhere.
WAYS = ("hang", "drip", "reset", "cut", "error_after", "too_fast", "redirect")
SECRET = "whsec_" + "a2tr" * 11


@pytest.mark.timeout(0)
@pytest.mark.fault("F32")
def test_each_takes_effect_once_or_a_person_is_told(
    make_runtime: Callable[..., Runtime], capsys: pytest.CaptureFixture[str]
) -> None:
    chance, clock = Random(20260302), SettableClock(BEGAN)
    runtime = make_runtime(clock=clock)
    with receiver() as there:
        chosen = Channels(hosts="127.0.0.1", loopback=True, seconds=1, tries=3, wait_seconds=10)
        runtime.settings = runtime.settings.model_copy(update={"channels": chosen})
        found(runtime)
        town = Town(runtime, clock)
        admin = town.hands.actor(f"admin.{COUNTY}")
        ways: Tally[str] = Tally()

        def choose(heard: Heard) -> str:
            failing = WAYS if heard.path == "/hook" else (*WAYS, "code")
            way = chance.choice(failing) if chance.random() < FAILS else "ok"
            ways[way] += 1
            return way

        there.choose = choose
        with runtime.writing(admin) as unit:
            hook = add(unit, Wanted(f"party.{TOWN}", "webhook", there.address("/hook"), SECRET))
            robot = add(unit, Wanted(f"party.{TOWN}", "feishu", there.address("/hook/t"), "s"))
        began, made = time.monotonic(), 0
        while made < MANY:
            for _ in range(min(chance.randint(1, 9), MANY - made)):
                one = next(town.numbers)
                said = {
                    "uscc": uscc(one),
                    "name": f"第{one}号有限公司",
                    "registered_on": "2026-02-27",
                    "division": TOWN,
                }
                town.hands.emit(f"registry.{COUNTY}", "registered", f"many-{one}", said)
                made += 1
            town.settle()
            deliver(runtime)
            clock.advance(timedelta(seconds=4))
        _until_nothing_waits(runtime, clock)
        seconds = time.monotonic() - began

        states = _states(runtime)
        assert set(states) <= {"delivered", "given_up"} and sum(states.values()) == 2 * MANY
        lost = states["given_up"]
        with runtime.reading(admin) as unit:
            assert given_up(unit) == min(lost, 1000)
        effects, raw = _effects(there.heard)
        with runtime.reading(SERVICE) as unit:
            rows = unit.db.execute(
                select(Delivery.id, Delivery.state).where(Delivery.channel_id == hook)
            ).all()
            of_hook = {row.id: row.state for row in rows}
            tries = unit.db.scalar(select(func.count()).select_from(Attempt))
            unknown = unit.db.scalar(select(func.count()).where(Attempt.outcome == "unknown"))
        assert [key for key, state in of_hook.items() if state == "delivered" and effects[key] != 1] == []
        assert max(effects.values()) == 1 and unknown == 0
        read, differing = _read(there.heard)
        again = _sends_again(runtime, town, [hook, robot])
        there.choose = lambda heard: "ok"
        _until_nothing_waits(runtime, clock)
        after = _states(runtime)
        effects_after, raw_after = _effects(there.heard)
        assert after == {"delivered": 2 * MANY}
        assert len(effects_after) == MANY and set(effects_after.values()) == {1}
        assert _read(there.heard)[1] == MANY
    with capsys.disabled():
        print(
            f"\n{MANY} notices over 2 channels in {seconds:.0f} s: {tries} tries, {ways.total()} questions, of which "
            f"{ways.total() - ways['ok']} failed ({dict(sorted(ways.items()))}); delivered {states['delivered']}, given up {lost}; at "
            f"the webhook {raw} heard, {raw - sum(effects.values())} repeats dropped by their id, {len(effects)} effects; at the robot "
            f"{read} read, {read - differing} of them repeats. A person had {again} sent again: then {len(effects_after)} effects at the "
            f"webhook ({raw_after} heard) and {_read(there.heard)[1]} at the robot, none twice by its id, none missing."
        )


def _until_nothing_waits(runtime: Runtime, clock: SettableClock) -> None:
    while True:
        while deliver(runtime):
            clock.advance(timedelta(seconds=4))
        with runtime.reading(SERVICE) as unit:
            waits = select(Delivery.id).where(Delivery.settled_at.is_(None)).limit(1)
            if unit.db.scalar(waits) is None:
                return
        clock.advance(timedelta(minutes=10))


def _states(runtime: Runtime) -> Tally[str]:
    with runtime.reading(SERVICE) as unit:
        rows = unit.db.execute(select(Delivery.state, func.count()).group_by(Delivery.state)).tuples()
        return Tally(dict(rows.all()))


def _effects(heard: list[tuple[str, Heard]]) -> tuple[Tally[int], int]:
    """What a receiver makes of it that knows a repeat by its id, by delivery; and how many deliveries it heard in all."""
    known: set[str] = set()
    effects: Tally[int] = Tally()
    raw = 0
    for way, one in heard:
        if one.path != "/hook" or way not in HEARD_ALL_THE_SAME:
            continue
        keys = [int(item["id"].removeprefix("dlv_")) for item in one.json["items"]]
        raw += len(keys)
        if one.headers["webhook-id"] not in known:
            known.add(one.headers["webhook-id"])
            effects.update(keys)
    return effects, raw


def _read(heard: list[tuple[str, Heard]]) -> tuple[int, int]:
    """How many messages the robot's group has read of in all, and in messages that differ: a robot knows no ids, so a repeat is read
    twice, and is the same word for word."""
    said = [
        one.json["content"]["text"]
        for way, one in heard
        if one.path == "/hook/t" and way in HEARD_ALL_THE_SAME
    ]
    return sum(map(_count, said)), sum(map(_count, set(said)))


def _count(text: str) -> int:
    found = re.search(r"贵单位有(\d+)条消息", text)
    assert found is not None, text
    return int(found[1])


def _sends_again(runtime: Runtime, town: Town, channels: list[int]) -> int:
    """What the administrator does about everything that was given up; yields how many deliveries that were."""
    done = 0
    for channel in channels:
        while True:
            with runtime.reading(SERVICE) as unit:
                lost = select(Delivery.id).join(Channel, Channel.id == Delivery.channel_id)
                one = unit.db.scalar(lost.where(Channel.id == channel, Delivery.state == "given_up").limit(1))
            if one is None:
                break
            with runtime.writing(town.hands.actor(f"admin.{COUNTY}")) as unit:
                done += retry(unit, channel, one)
    return done
