"""The papers that bodies write here, each declared once: blanks, draft, and to whom it goes (条例 Art 8; DATA 4.6).

What is drafted is a suggestion that a person reads, changes and signs. Nothing is decided by a draft.
"""

from collections.abc import Iterable

from workflows.definition import Facts
from workflows.errors import LawError
from workflows.papers.blanks import (
    ABSENT,
    APPOINTEE,
    ATTACHED,
    CHAIR,
    CONSENT,
    CONTACT,
    COPIES,
    DAYS,
    HELD_AT,
    HELD_ON,
    NOTE,
    OBSERVERS,
    POST,
    PRESENT,
    PROGRESS,
    REQUEST,
    SIGNER,
    TEXT,
    TITLE,
    TO,
    WANTED,
)
from workflows.papers.model import Form, Matter, in_chinese
from workflows.words import Text

UNION = frozenset({"union"})
PARTY = frozenset({"party", "minying", "orgdept"})

#: How far each side's organisation is, as a notice may say it: whether there is one, never which.
STANDS = {
    "none": "尚未建立",
    "union": "已建立",
    "joint": "已由联合工会覆盖",
    "organisation": "已建立",
    "liaison": "已有党建联络员",
}
CONDITION = {"True": "具备", "False": "不具备"}


def _request(matter: Matter) -> Facts:
    return {
        "title": f"关于{matter.about}的请示",
        "to": matter.to,
        "text": f"{_facts_of(matter)}\n根据有关法律和章程的规定，职工本着自愿的原则提出申请，现就{matter.about}一事请示。\n妥否，请批复。",
        "note": "",
    }


def _reply(matter: Matter) -> Facts:
    asked = next((one for one in reversed(matter.earlier) if "请示" in one.label), None)
    named = f"《关于{matter.about}的请示》" + (f"（{asked.number}）" if asked and asked.number else "")
    return {
        "title": f"关于{matter.about}的批复",
        "to": matter.to,
        "request": named,
        "text": f"经研究，同意{matter.about}。请依照有关法律和章程的规定办理，并按时报告结果。\n此复。",
    }


def _report(matter: Matter) -> Facts:
    return {
        "title": f"关于{matter.about}的报告",
        "to": matter.to,
        "text": f"{_facts_of(matter)}\n现将{matter.about}的情况报告如下：\n特此报告。",
    }


def _letter(matter: Matter) -> Facts:
    return {
        "title": f"关于{matter.about}的函",
        "to": matter.to,
        "text": f"{_facts_of(matter)}\n特此函达，请予函复。",
    }


def _minutes(matter: Matter) -> Facts:
    return {
        "title": f"研究{matter.about}会议纪要",
        "text": "会议议定事项如下：",
        "day": matter.today.isoformat(),
        **matter.table,
    }


def _appointment(matter: Matter) -> Facts:
    return {
        "title": f"关于{matter.about}的通知",
        "to": matter.name,
        "post": "党建联络员",
        "text": "请你单位支持其依照规定开展工作。\n特此通知。",
    }


def _circular(matter: Matter) -> Facts:
    return {
        "title": f"关于{matter.name}组织建设情况的通报",
        "to": matter.to,
        **_whitelisted(matter),
        "union": STANDS.get(str(matter.case.get("union_form")), "尚未建立"),
        "party": STANDS.get(str(matter.case.get("party_form")), "尚未建立"),
        "condition": CONDITION.get(str(matter.case.get("party_condition")), "未答复"),
        "wanted": "study",
    }


def _pre_notice(matter: Matter) -> Facts:
    return {"to": matter.to, **_whitelisted(matter), "progress": "agreed"}


def _founding_notice(matter: Matter) -> Facts:
    return {"to": matter.name, "place": str(matter.case.get("place") or ""), "days": 30}


def _whitelisted(matter: Matter) -> Facts:
    return {
        "name": matter.name,
        "uscc": str(matter.case.get("uscc") or "尚未登记"),
        "place": str(matter.case.get("place") or ""),
        "on": in_chinese(matter.today),
    }


def _facts_of(matter: Matter) -> str:
    """The first sentence: which enterprise, where, and how many work there where the writer's own drawer says so."""
    said = f"{matter.name}位于{matter.case.get('place') or '本地'}"
    if matter.case.get("uscc"):
        said += f"，统一社会信用代码{matter.case['uscc']}"
    headcount, applicants = matter.facts.get("headcount"), matter.facts.get("applicants")
    if isinstance(headcount, int) and headcount:
        said += f"，现有从业人员{headcount}人"
    if isinstance(applicants, int) and applicants:
        said += f"，其中{applicants}人自愿申请入会"
    return said + "。"


def _book(forms: Iterable[Form]) -> dict[str, Form]:
    found: dict[str, Form] = {}
    for one in forms:
        if one.name in found:
            raise LawError(f"two forms named {one.name}")
        found[one.name] = one
    return found


FORMS: dict[str, Form] = _book(
    (
        Form(
            name="request",
            label=Text("请示", "Request for instructions"),
            layout="document",
            suffix="发",
            kinds=UNION | PARTY,
            towards="superior",
            drafts=_request,
            fields=(TITLE, TO, TEXT, SIGNER, ATTACHED, NOTE),
        ),
        Form(
            name="reply",
            label=Text("批复", "Official reply"),
            layout="document",
            suffix="发",
            kinds=UNION | PARTY,
            towards="local",
            drafts=_reply,
            fields=(TITLE, TO, REQUEST, TEXT, ATTACHED, COPIES),
        ),
        Form(
            name="report",
            label=Text("报告", "Report"),
            layout="document",
            suffix="发",
            kinds=UNION | PARTY,
            towards="superior",
            drafts=_report,
            fields=(TITLE, TO, TEXT, SIGNER, ATTACHED, COPIES),
        ),
        Form(
            name="appointment",
            label=Text("任命（选派）通知", "Letter of appointment"),
            layout="document",
            suffix="任",
            kinds=PARTY,
            towards="enterprise",
            drafts=_appointment,
            fields=(TITLE, TO, APPOINTEE, POST, CONSENT, TEXT, COPIES),
            confirmed=("consent",),
        ),
        Form(
            name="circular",
            label=Text("通报", "Circular"),
            layout="document",
            suffix="通",
            kinds=UNION | PARTY,
            towards="other_side",
            drafts=_circular,
            fields=(WANTED,),
            settled=("title", "to", "name", "uscc", "place", "union", "party", "condition", "on"),
            whitelisted=True,
        ),
        Form(
            name="letter",
            label=Text("函", "Letter"),
            layout="letter",
            suffix="函",
            kinds=UNION | PARTY,
            towards="typed",
            drafts=_letter,
            fields=(TITLE, TO, TEXT, ATTACHED),
        ),
        Form(
            name="founding_notice",
            label=Text("建会通知书", "Union-founding notice"),
            layout="letter",
            suffix="建",
            kinds=UNION,
            towards="enterprise",
            drafts=_founding_notice,
            fields=(DAYS, CONTACT),
            settled=("to", "place"),
            answerable=True,
        ),
        Form(
            name="pre_notice",
            label=Text("预建通报单", "Pre-establishment notice"),
            layout="letter",
            suffix="预",
            kinds=frozenset({"investment"}),
            towards="union",
            drafts=_pre_notice,
            fields=(PROGRESS,),
            settled=("to", "name", "uscc", "place", "on"),
            whitelisted=True,
        ),
        Form(
            name="minutes",
            label=Text("纪要", "Minutes"),
            layout="minutes",
            suffix="纪",
            kinds=UNION | PARTY,
            towards="typed",
            drafts=_minutes,
            fields=(TITLE, HELD_ON, HELD_AT, CHAIR, PRESENT, ABSENT, OBSERVERS, TEXT),
        ),
    )
)
