"""What goes over a channel: of what kind, in which file, how many. This is the whitelist; nothing else of the house is within reach of
whoever carries it: no name of an enterprise or a person, no figure, no opinion (CONDUCT.md 5.3; PIPL Art 23)."""

from dataclasses import dataclass, field
from typing import Any

from workflows.notices import NOTICES
from workflows.words import Text

NOTICE, URGE, TRIAL = ABOUT = ("notice", "urge", "trial")
#: A message names so many files at most; of the rest it says how many.
NAMED = 10
#: Notices with which a letter brings the meeting's entry for the calendar: when, where, which bodies.
MEETINGS = ("meeting_called", "meeting_moved", "meeting_cancelled")

_OTHERS = {
    URGE: Text("催办：有待办事项被催办", "A work item is urged"),
    TRIAL: Text("测试消息，无需办理", "A trial; nothing is to be done"),
}


@dataclass(frozen=True, slots=True)
class Item:
    """One delivery: its id, what it is about, of what kind, and the file's number and page; of a joint meeting also its `entry` for a
    calendar (RFC 5545), which only letters bring."""

    id: int
    about: str
    kind: str
    case: str | None = None
    link: str | None = None
    entry: bytes | None = field(default=None, repr=False)

    @property
    def label(self) -> Text:
        return NOTICES[self.kind] if self.about == NOTICE else _OTHERS[self.about]

    @property
    def line(self) -> str:
        return " ".join(part for part in (self.label.zh, self.case, self.link) if part)


@dataclass(frozen=True, slots=True)
class Message:
    """Several deliveries of one channel that go together. `id` is that of the first, and the same at every try."""

    id: int
    items: tuple[Item, ...]

    @property
    def key(self) -> str:
        """By which a receiver knows a repeat."""
        return key_of(self.id)

    @property
    def subject(self) -> str:
        return f"【共建】{len(self.items)}条消息"

    @property
    def text(self) -> str:
        """For people: Chinese, and one line of English below."""
        lines = [f"【共建】贵单位有{len(self.items)}条消息，请登录系统查看："]
        lines += [f"· {one.line}" for one in self.items[:NAMED]]
        if len(self.items) > NAMED:
            lines.append(f"· 另有{len(self.items) - NAMED}条")
        return "\n".join(
            [*lines, f"Gongjian: {len(self.items)} message(s) for your body; sign in to read them."]
        )

    @property
    def brief(self) -> str:
        """For a telephone: of what kind and how many, in one line."""
        kinds = dict.fromkeys(one.label.zh for one in self.items)
        first = "、".join(list(kinds)[:2]) + ("等" if len(kinds) > 2 else "")
        return f"【共建】{first}，共{len(self.items)}条，请登录系统查看。"

    def as_json(self) -> dict[str, Any]:
        """For machines. `Any`: JSON."""
        return {
            "type": "gongjian.told.v1",
            "count": len(self.items),
            "items": [
                {
                    "id": key_of(one.id),
                    "about": one.about,
                    "kind": one.kind,
                    "label": one.label.as_dict(),
                    "case": one.case,
                    "link": one.link,
                }
                for one in self.items
            ],
        }


def key_of(delivery: int) -> str:
    """The name of a delivery to those outside.

    >>> key_of(7)
    'dlv_7'
    """
    return f"dlv_{delivery}"
