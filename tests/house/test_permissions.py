"""The table of permissions is the only word on who may come to the counter: every address names one right, every right is
used, and the three administrators stay apart (三员分立)."""

import re
from pathlib import Path

import pytest

from api.deps import allowed
from services.access.permissions import RIGHTS, permits, read, require
from services.actor import SERVICE, Actor
from services.intake.receive import SPEAKS
from tests.addresses import addresses
from workflows.errors import Fault, LawError
from workflows.roles import KINDS, ROLES

ROOT = Path(__file__).parents[2]

#: Open to everybody: how the service is and how it is spoken to, and the door itself.
OPEN = {
    *(("GET", "/healthz"), ("HEAD", "/healthz"), ("GET", "/readyz"), ("HEAD", "/readyz")),
    ("GET", "/metrics"),
    ("GET", "/api/v1/calendar/{token}.ics"),  # its address is the key
    ("GET", "/asyncapi.json"),
    ("POST", "/api/v1/tokens"),
    ("GET", "/login"),
    ("POST", "/login"),
    ("GET", "/login/next"),
    ("POST", "/login/next"),
    ("GET", "/login/sso"),
    ("GET", "/login/sso/back"),
    ("POST", "/logout"),
    # whoever holds a notice on paper answers it
    ("GET", "/r/{token}"),
    ("POST", "/r/{token}"),
}
#: What everybody may do about his own way in; it is no power over anything else.
OWN = {"home.read", "sessions.read", "sessions.end", "credentials.manage"}
#: What is no secret: the law as places have decided it.
PUBLIC = {"policies.read"}
ADMINISTRATORS = ("admin", "security", "auditor")
#: What changes nothing; an auditor may do no more.
#: A bundle is a copy; that it was taken out stands in the journal, as does every reading of names.
READS = {name for name in RIGHTS if name.endswith(".read")} | {"ledger.export"}


def test_every_address_names_exactly_one_right_or_is_open_to_all() -> None:
    found = addresses()
    assert len(found) > 20
    assert {address for address, rights in found.items() if not rights} == OPEN
    assert {address: rights for address, rights in found.items() if len(rights) > 1} == {}


def test_every_right_is_asked_for_somewhere() -> None:
    asked = set().union(*addresses().values())
    for path in (ROOT / "services").rglob("*.py"):
        asked |= set(re.findall(r'require\(\s*unit\.actor,\s*"([a-z.]+)"', path.read_text(encoding="utf-8")))
    assert asked == set(RIGHTS)


def test_an_unknown_right_cannot_be_named() -> None:
    with pytest.raises(ValueError, match="no right"):
        allowed("cases.burn")


def test_whoever_fills_a_role_may_act_and_nobody_else() -> None:
    act = frozenset(kind for role in ROLES.values() for kind in role.kinds)
    for right in ("steps.take", "work.act", "files.open", "documents.write", "papers.write", "notices.act"):
        assert RIGHTS[right].kinds == act, right


def test_whose_kind_may_stand_above_others_supervises_and_the_auditor_looks_on() -> None:
    above = frozenset(kind for role in ROLES.values() if role.superior for kind in role.kinds)
    assert RIGHTS["supervision.read"].kinds == above | {"auditor"}


def test_whoever_may_open_a_drawer_may_read_cases_and_nobody_else() -> None:
    seeing = frozenset(kind.name for kind in KINDS.values() if kind.opens)
    for right in ("cases.read", "history.read", "work.read", "notices.read"):
        assert RIGHTS[right].kinds == seeing, right


def test_offices_that_speak_may_send_and_nobody_else() -> None:
    assert RIGHTS["events.send"].kinds == frozenset(SPEAKS)
    registering = frozenset(kind for kind, facts in SPEAKS.items() if "registry.registered" in facts)
    assert RIGHTS["lists.send"].kinds == registering, "a row of a list is a registration"


def test_the_three_administrators_share_no_power() -> None:
    theirs = {
        kind: {name for name in RIGHTS if permits(kind, name)} - OWN - PUBLIC for kind in ADMINISTRATORS
    }
    for one in ADMINISTRATORS:
        assert theirs[one], one
        for other in ADMINISTRATORS:
            assert one == other or not theirs[one] & theirs[other], (one, other)
    assert theirs["auditor"] <= READS, "an auditor writes nothing"
    assert not (theirs["admin"] | theirs["security"]) & {"cases.read", "history.read", "names.read"}


def test_unset_means_no() -> None:
    stranger = Actor(1, 1, "x", "x", "embassy", "000000")
    for right in RIGHTS:
        assert permits(SERVICE.kind, right)
        with pytest.raises(Fault) as told:
            require(stranger, right)
        assert told.value.code == "not_permitted"


def test_a_right_holds_below_its_own_division_only() -> None:
    security = Actor(1, 1, "x", "x", "security", "220204")
    require(security, "accounts.manage", "220204102")
    for elsewhere in ("220202", "220200", "000000"):
        with pytest.raises(Fault) as told:
            require(security, "accounts.manage", elsewhere)
        assert told.value.code == "not_permitted"


HEAD = ",".join(["right", "zh", "en", *KINDS])


@pytest.mark.parametrize(
    "table",
    [
        "",
        "right,zh,en,union",
        HEAD.replace("union", "onion"),
        f"{HEAD}\na.b,甲,a" + ",y" * len(KINDS),
        f"{HEAD}\na.b,甲,a" + "," * (len(KINDS) - 1),
        f"{HEAD}\na.b,甲,a" + ",x" * (len(KINDS) + 1),
        f"{HEAD}\na.b,甲,a{',x' * len(KINDS)}\na.b,乙,b{',x' * len(KINDS)}",
    ],
)
def test_a_table_that_could_be_misread_lets_nothing_start(table: str) -> None:
    with pytest.raises(LawError):
        read(table)
