"""What stands around every page: where one can go from here, for whoever may go there, and how large the letters are."""

from dataclasses import dataclass

from fastapi import Request

from services.access.permissions import permits
from services.actor import Actor
from workflows.words import Text

#: What the browser keeps of the reader's choice of letters (关怀版).
SIZE = "gongjian_size"
SIZES = ("normal", "large")


@dataclass(frozen=True, slots=True)
class Place:
    """A page that one can go to, and any of the rights that open it."""

    href: str
    label: Text
    rights: tuple[str, ...]


PLACES = (
    Place("/", Text("工作台", "Home"), ("home.read",)),
    Place("/work-items", Text("待办", "Work items"), ("work.read",)),
    Place("/notices", Text("通报", "Notices"), ("notices.read",)),
    Place("/cases", Text("案卷", "Cases"), ("cases.read",)),
    Place("/lists", Text("接入", "Intake"), ("lists.read",)),
    Place("/set-aside", Text("待定与隔离", "Set aside"), ("triage.place", "quarantine.retry")),
)


def places(actor: Actor, path: str) -> list[tuple[str, dict[str, str], bool]]:
    """Each place that is open to the reader: its address, its name, and whether he is there."""
    opened = [one for one in PLACES if any(permits(actor.kind, right) for right in one.rights)]
    here = max((one.href for one in opened if _lies_under(path, one.href)), key=len, default="")
    return [(one.href, one.label.as_dict(), one.href == here) for one in opened]


def _lies_under(path: str, href: str) -> bool:
    return path == href or (href != "/" and path.startswith(f"{href}/"))


def size(request: Request) -> str:
    """How large the letters are to be: as asked for now, else as chosen before."""
    said = request.query_params.get("size") or request.cookies.get(SIZE, "")
    return said if said in SIZES else SIZES[0]
