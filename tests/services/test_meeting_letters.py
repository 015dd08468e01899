"""A letter about a joint meeting brings its entry for the calendar: the call, its changes, its cancellation (RFC 6047)."""

from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import vobject
from sqlalchemy import select

from services.actor import SERVICE
from services.channels.deliver import deliver
from services.channels.keep import Wanted, add
from services.clock import SettableClock
from services.db.models.casework import Case
from services.meetings.plan import plan
from services.runtime import Runtime
from services.settings import Channels
from tests.builders import BEGAN, COUNTY, Town, found
from tests.postboxes import Postbox, postbox

UNION, ORGDEPT, BUREAU = f"union.{COUNTY}", f"orgdept.{COUNTY}", f"minying.{COUNTY}"
TOPIC = "红光印刷的建会进度"
#: All that an entry may say.
SAID = {
    "uid", "dtstamp", "sequence", "summary", "dtstart", "dtend", "location", "status", "organizer", "attendee",
}  # fmt: skip


def entry(letter: EmailMessage) -> Any:
    """What the letter brings, as vobject reads it. `Any`: vobject has no types."""
    (part,) = letter.iter_attachments()
    assert part.get_content_type() == "text/calendar" and part.get_filename() == "meeting.ics"
    read = vobject.readOne(part.get_content())
    assert part.get_param("method") == read.method.value
    assert set(read.vevent.contents) <= SAID
    return read


def test_call_change_and_cancellation_come_with_their_entries(make_runtime: Callable[..., Runtime]) -> None:
    clock = SettableClock(BEGAN)
    runtime = make_runtime(clock=clock)
    with postbox() as box:
        runtime.settings = runtime.settings.model_copy(update={"channels": _by(box)})
        found(runtime)
        town = Town(runtime, clock)
        with runtime.writing(town.hands.actor(f"admin.{COUNTY}")) as unit:
            add(unit, Wanted(UNION, "mail", "duty@union.example"))
        town.hands.begin(ORGDEPT, "coordination", "set_up")
        plan(runtime)
        with runtime.reading(SERVICE) as unit:
            first, second = unit.db.scalars(
                select(Case.id).where(Case.subject == "joint_meeting").order_by(Case.id).limit(2)
            )

        def take(case: int, step: str, **fields: object) -> None:
            town.hands.take_in(ORGDEPT, case, "joint_meeting", step, **fields)
            town.settle()
            clock.advance(timedelta(minutes=1))
            deliver(runtime)

        take(second, "cancel")  # nobody had been called to it
        take(first, "collect_early")
        take(first, "propose_topic", topic=TOPIC)
        take(first, "postpone", meets_on="2026-03-24")
        assert box.letters == []
        take(first, "call", begins_at="14:30", place="METHOD:CANCEL楼")
        take(first, "postpone", meets_on="2026-03-25")
        take(first, "cancel")

    called, moved, cancelled = [entry(letter) for letter in box.letters]
    assert "联席会议通知" in box.letters[0].get_body().get_content()
    assert "联席会议改期通知" in box.letters[1].get_body().get_content()
    assert "联席会议取消通知" in box.letters[2].get_body().get_content()
    assert not [
        letter for letter in box.letters if TOPIC in letter.as_string() or TOPIC in str(entry(letter))
    ]
    assert [one.method.value for one in (called, moved, cancelled)] == ["REQUEST", "REQUEST", "CANCEL"]
    assert len({one.vevent.uid.value for one in (called, moved, cancelled)}) == 1
    numbers = [int(one.vevent.sequence.value) for one in (called, moved, cancelled)]
    assert numbers == sorted(set(numbers))
    assert moved.vevent.dtstart.value.isoformat() == "2026-03-25T14:30:00+08:00"
    assert called.vevent.location.value == "METHOD:CANCEL楼"


def _by(box: Postbox) -> Channels:
    return Channels(smtp_host="127.0.0.1", smtp_port=box.port, smtp_tls="off", seconds=1)
