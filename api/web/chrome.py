"""What stands around every page: where one can go from here, for whoever may go there, how large the letters are, and whether keys
of one letter do anything."""

from dataclasses import dataclass

from fastapi import Request

from services.access.permissions import permits
from services.actor import Actor
from services.directory.divisions import prefix
from workflows.words import Text

#: What the browser keeps of the reader's choice of letters (关怀版).
SIZE = "gongjian_size"
SIZES = ("normal", "large")
#: Whether the pages listen to keys of one letter (WCAG 2.1.4).
KEYS = "gongjian_keys"
KEYS_ARE = ("on", "off")


@dataclass(frozen=True, slots=True)
class Place:
    """A page that one can go to, and any of the rights that open it; `down` where it is of use only to who has bodies below him."""

    href: str
    label: Text
    rights: tuple[str, ...]
    down: bool = False


PLACES = (
    Place("/", Text("工作台", "Home"), ("home.read",)),
    Place("/work-items", Text("待办", "Work items"), ("work.read",)),
    Place("/notices", Text("通报", "Notices"), ("notices.read",)),
    Place("/meetings", Text("联席会议", "Joint meetings"), ("meetings.read",)),
    Place("/cases", Text("案卷", "Cases"), ("cases.read",)),
    Place("/papers", Text("公文", "Papers"), ("papers.read",)),
    Place("/begin", Text("发起", "Begin"), ("files.open",)),
    Place("/supervision", Text("督办", "Supervision"), ("supervision.read",), down=True),
    Place("/lists", Text("接入", "Intake"), ("lists.read",)),
    Place("/jobs", Text("任务", "Jobs"), ("jobs.read",)),
    Place("/set-aside", Text("待定与隔离", "Set aside"), ("triage.place", "quarantine.retry")),
    Place("/journal", Text("操作日志", "Journal"), ("journal.read",)),
    Place("/audit", Text("审计查问", "Audit"), ("audit.read",)),
    Place("/ledger", Text("存证账本", "Ledger"), ("ledger.read",)),
    Place("/admin/bodies", Text("单位", "Bodies"), ("bodies.manage",)),
    Place("/admin/calendars", Text("工作日历", "Calendar"), ("calendars.import",)),
    Place("/admin/templates", Text("公文模板", "Templates of papers"), ("templates.manage",)),
    Place("/admin/channels", Text("通知渠道", "Channels"), ("channels.manage",)),
    Place("/admin/accounts", Text("账号", "Accounts"), ("accounts.manage",)),
    Place("/admin/keys", Text("签名密钥", "Signing keys"), ("keys.manage",)),
    Place("/admin/policies", Text("政策参数", "Policies"), ("policies.read",)),
    Place("/help", Text("帮助", "Help"), ("home.read",)),
)


def places(actor: Actor, path: str) -> list[tuple[str, dict[str, str], bool]]:
    """Each place that is open to the reader: its address, its name, and whether he is there."""
    is_town = len(prefix(actor.division)) > 6
    opened = [
        one
        for one in PLACES
        if any(permits(actor.kind, right) for right in one.rights) and not (one.down and is_town)
    ]
    here = max((one.href for one in opened if _lies_under(path, one.href)), key=len, default="")
    return [(one.href, one.label.as_dict(), one.href == here) for one in opened]


def _lies_under(path: str, href: str) -> bool:
    return path == href or (href != "/" and path.startswith(f"{href}/"))


def size(request: Request) -> str:
    """How large the letters are to be: as asked for now, else as chosen before."""
    return _chosen(request, "size", SIZE, SIZES)


def keys(request: Request) -> str:
    """Whether keys of one letter do anything: as asked for now, else as chosen before."""
    return _chosen(request, "keys", KEYS, KEYS_ARE)


def _chosen(request: Request, asked: str, kept: str, choices: tuple[str, ...]) -> str:
    said = request.query_params.get(asked) or request.cookies.get(kept, "")
    return said if said in choices else choices[0]
