"""Who may take a step: a role is a kind of body and how near to the enterprise it stands.

A role names bodies, never persons. Which body fills a role for one case is found by the office in its directory.
"""

from dataclasses import dataclass
from enum import StrEnum

from workflows.words import Text


class Compartment(StrEnum):
    """A drawer of the file. The only bridge between UNION and PARTY is the whitelisted notice (CONDUCT.md 5.2-1).

    JOINT is the table at which both sit: meetings, what was decided there, and requests from the one to the other. What lies in
    it was put there by a person, or is no more than a notice would tell.
    """

    OPEN = "open"
    UNION = "union"
    PARTY = "party"
    JOINT = "joint"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of body, with the drawers its staff may open."""

    name: str
    label: Text
    opens: frozenset[Compartment]


_OPEN, _UNION, _PARTY = Compartment.OPEN, Compartment.UNION, Compartment.PARTY
_JOINT = Compartment.JOINT

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("registry", Text("登记机关", "registration office"), frozenset({_OPEN})),
        Kind("investment", Text("招商部门", "investment office"), frozenset({_OPEN})),
        Kind("tax", Text("税务部门", "tax office"), frozenset({_OPEN})),
        Kind("labour", Text("劳动行政部门", "labour office"), frozenset({_OPEN})),
        Kind("economic", Text("经济主管部门", "economic office"), frozenset({_OPEN})),
        Kind("union", Text("工会", "trade union"), frozenset({_OPEN, _UNION, _JOINT})),
        Kind("orgdept", Text("组织部", "organisation department"), frozenset({_OPEN, _PARTY, _JOINT})),
        Kind(
            "minying",
            Text("民营经济党委", "private-economy Party committee"),
            frozenset({_OPEN, _PARTY, _JOINT}),
        ),
        Kind("party", Text("乡镇街道党委", "town Party committee"), frozenset({_OPEN, _PARTY, _JOINT})),
        Kind("auditor", Text("审计", "auditor"), frozenset({_OPEN, _UNION, _PARTY, _JOINT})),
        Kind("admin", Text("系统管理", "administrator"), frozenset()),
        Kind("security", Text("安全管理", "security administrator"), frozenset()),
    )
}


@dataclass(frozen=True, slots=True)
class Role:
    """`kinds` in order of preference; `superior` means county level or above."""

    name: str
    label: Text
    kinds: tuple[str, ...]
    superior: bool = False


UNION_LOCAL = Role("union_local", Text("属地工会", "local union"), ("union",))
UNION_SUPERIOR = Role(
    "union_superior", Text("上级工会", "superior union federation"), ("union",), superior=True
)
PARTY_LOCAL = Role("party_local", Text("属地党组织", "local Party body"), ("party", "minying", "orgdept"))
PARTY_SUPERIOR = Role(
    "party_superior", Text("上级党组织", "superior Party body"), ("minying", "orgdept"), superior=True
)
MEETING = Role(
    "joint_meeting",
    Text("联席会议成员单位", "member of the joint meeting"),
    ("orgdept", "minying", "union"),
    superior=True,
)
INVESTMENT = Role("investment", Text("招商部门", "investment office"), ("investment",))

ROLES: dict[str, Role] = {
    role.name: role
    for role in (UNION_LOCAL, UNION_SUPERIOR, PARTY_LOCAL, PARTY_SUPERIOR, MEETING, INVESTMENT)
}
