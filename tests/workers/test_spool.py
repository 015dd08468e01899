"""The embedded broker's folder: whole messages or none, and nobody's death loses or tears one."""

import base64
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from services.doorbell.envelope import Envelope
from services.doorbell.files import write_whole
from services.doorbell.spool import DAMAGED_KEPT, HALF_WRITTEN_SECONDS, Spool


def envelope(body: str = "ring") -> Envelope:
    return {
        "body": base64.b64encode(body.encode()).decode(),
        "headers": {},
        "properties": {"body_encoding": "base64", "delivery_info": {}, "delivery_tag": "1"},
    }


def said(found: Envelope) -> str:
    return base64.b64decode(found["body"]).decode()


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    made = Spool(tmp_path / "broker")
    made.declare("q")
    return made


def folder_of(spool: Spool, tmp_path: Path) -> Path:
    return tmp_path / "broker" / "queues" / "q-q"


def test_messages_come_out_in_the_order_they_went_in(spool: Spool) -> None:
    for number in range(5):
        assert spool.put("q", envelope(str(number)))
    taken = [spool.take("q") for _ in range(6)]
    assert [said(one.envelope) for one in taken if one] == ["0", "1", "2", "3", "4"]
    assert taken[5] is None


@pytest.mark.parametrize(
    "content",
    [
        b"",  # a publisher killed in mid-write, as the stock transport leaves it
        b'{"body": "cm',  # torn
        b"\x80\x04\x95",  # a pickle
        b"null",
        b"[1, 2]",
        b"{}",
        b'{"properties": {"delivery_info": {}, "body_encoding": "base64"}, "body": "!!"}',
        b'{"properties": {"delivery_info": {}, "body_encoding": "rot13"}, "body": "x"}',
        b'{"properties": {"delivery_info": []}, "body": "x"}',
        b'{"properties": {"delivery_info": {}}, "headers": [1], "body": "x"}',
        b'{"properties": {"delivery_info": {}}, "body": {"a": 1}}',
        b'{"__type__": "uuid", "__value__": {"no": "such thing"}}',
        b"[" * 200_000,
    ],
)
def test_what_is_no_message_is_set_aside_and_counted(spool: Spool, tmp_path: Path, content: bytes) -> None:
    (folder_of(spool, tmp_path) / "00000000000000000000.x.msg").write_bytes(content)
    spool.put("q", envelope("sound"))
    taken = spool.take("q")
    assert taken is not None
    assert said(taken.envelope) == "sound"
    assert spool.damaged == 1
    assert len(list((tmp_path / "broker" / "damaged").iterdir())) == 1


def test_a_folder_a_pipe_and_a_giant_in_the_queue_stop_nobody(spool: Spool, tmp_path: Path) -> None:
    (folder_of(spool, tmp_path) / "00.folder.msg").mkdir()
    os.mkfifo(folder_of(spool, tmp_path) / "00.pipe.msg")
    with (folder_of(spool, tmp_path) / "00.zgiant.msg").open("wb") as giant:
        giant.truncate(40 * 1024 * 1024)
    spool.put("q", envelope("sound"))
    taken = spool.take("q")
    assert taken is not None
    assert said(taken.envelope) == "sound"
    assert spool.damaged == 3


def test_the_damaged_are_kept_but_not_for_ever(spool: Spool, tmp_path: Path) -> None:
    for number in range(DAMAGED_KEPT + 5):
        (tmp_path / "broker" / "damaged" / f"{number:05d}").touch()
    (tmp_path / "broker" / "damaged" / "00000").unlink()
    (tmp_path / "broker" / "damaged" / "00000").mkdir()
    spool.sweep()
    left = sorted(path.name for path in (tmp_path / "broker" / "damaged").iterdir())
    assert left == [f"{number:05d}" for number in range(5, DAMAGED_KEPT + 5)]


def test_a_file_is_on_the_disk_before_it_has_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    happened: list[str] = []
    fsync, replace = os.fsync, os.replace

    def noted_fsync(descriptor: int) -> None:
        happened.append("fsync")
        fsync(descriptor)

    def noted_replace(old: Path, new: Path) -> None:
        happened.append("replace")
        replace(old, new)

    monkeypatch.setattr(os, "fsync", noted_fsync)
    monkeypatch.setattr(os, "replace", noted_replace)
    write_whole(tmp_path / "a", b"content")
    assert happened == ["fsync", "replace"]
    assert (tmp_path / "a").read_bytes() == b"content"
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o600


def test_a_write_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def disk_full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", disk_full)
    with pytest.raises(OSError, match="No space"):
        write_whole(tmp_path / "a", b"content")
    assert list(tmp_path.iterdir()) == []


def test_old_half_written_files_are_swept_and_new_ones_left(spool: Spool, tmp_path: Path) -> None:
    old, new = (folder_of(spool, tmp_path) / name for name in ("old.msg.part", "new.msg.part"))
    old.touch()
    new.touch()
    os.utime(old, (0, old.stat().st_mtime - HALF_WRITTEN_SECONDS - 1))
    spool.sweep()
    assert not old.exists()
    assert new.exists()


def test_what_a_killed_process_held_waits_again(
    spool: Spool, tmp_path: Path, in_a_child: Callable[[Callable[[], int]], int]
) -> None:
    spool.put("q", envelope("precious"))

    def take_and_die() -> int:
        return 0 if spool.take("q") else 1

    assert in_a_child(take_and_die) == 0
    assert spool.take("q") is None
    spool.sweep()
    taken = spool.take("q")
    assert taken is not None
    assert said(taken.envelope) == "precious"
    spool.sweep()
    assert spool.size("q") == 0, "what the living hold is left alone"


def test_a_leased_queue_dies_with_its_owner(
    spool: Spool, in_a_child: Callable[[Callable[[], int]], int]
) -> None:
    spool.declare("mine", leased=True)

    def declare_and_die() -> int:
        spool.declare("theirs.1~2/../3", leased=True)
        return 0 if list(spool.dead_queues()) == [] else 1

    assert in_a_child(declare_and_die) == 0
    assert list(spool.dead_queues()) == ["theirs.1~2/../3"]
    assert list(spool.dead_queues()) == []
    spool.drop("mine")
    assert not spool.put("mine", envelope()), "a queue that is gone takes nothing"


def test_a_limited_queue_keeps_the_newest(spool: Spool) -> None:
    spool.declare("short", limit=3)
    for number in range(10):
        spool.put("short", envelope(str(number)))
    kept = [spool.take("short") for _ in range(4)]
    assert [said(one.envelope) for one in kept if one] == ["7", "8", "9"]


def test_a_message_given_back_is_first_again(spool: Spool) -> None:
    spool.put("q", envelope("first"))
    spool.put("q", envelope("second"))
    taken = spool.take("q")
    assert taken is not None
    spool.give_back(taken.name)
    again = spool.take("q")
    assert again is not None
    assert said(again.envelope) == "first"
    spool.settle(again.name)
    assert spool.size("q") == 1


def test_a_broker_folder_that_was_emptied_works_again(spool: Spool, tmp_path: Path) -> None:
    folder_of(spool, tmp_path).rmdir()
    assert spool.take("q") is None
    assert spool.put("q", envelope("after"))
    assert spool.size("q") == 1


def test_everything_is_for_this_user_alone(spool: Spool, tmp_path: Path) -> None:
    spool.put("q", envelope())
    for path in [tmp_path / "broker", *(tmp_path / "broker").rglob("*")]:
        assert path.stat().st_mode & 0o077 == 0, path


def test_many_publishers_and_consumers_share_each_message_once(spool: Spool, tmp_path: Path) -> None:
    publisher = (
        "import sys; from pathlib import Path; from services.doorbell.spool import Spool;"
        "from tests.workers.test_spool import envelope;"
        "s = Spool(Path(sys.argv[1])); s.declare('q');"
        "[s.put('q', envelope(f'{sys.argv[2]}-{n}')) for n in range(100)]"
    )
    broker = str(tmp_path / "broker")
    running = [subprocess.Popen([sys.executable, "-c", publisher, broker, str(who)]) for who in range(3)]
    heard: list[str] = []
    done = threading.Event()

    def consume() -> None:
        while not done.is_set() or spool.size("q"):
            if taken := spool.take("q"):
                heard.append(said(taken.envelope))
                spool.settle(taken.name)
            else:
                done.wait(0.01)

    consumers = [threading.Thread(target=consume) for _ in range(3)]
    for consumer in consumers:
        consumer.start()
    assert [one.wait(60) for one in running] == [0, 0, 0]
    done.set()
    for consumer in consumers:
        consumer.join(30)
    assert sorted(heard) == sorted(f"{who}-{number}" for who in range(3) for number in range(100))
    assert spool.damaged == 0
    assert not list((tmp_path / "broker" / "damaged").iterdir())
