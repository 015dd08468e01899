"""What may stand against a step of a lead, what a step puts on file, and how long its terms are.

Where a lead came from (`source`) is kept in the union's drawer and published nowhere: who asked stays the union's knowledge
(CONDUCT.md 5.2-5).
"""

from workflows.definition import Derive, Facts, Situation
from workflows.spans import Span
from workflows.words import Text

# -- guards ------------------------------------------------------------------------------------------


def in_scope(situation: Situation) -> Text | None:
    """Policy says which units are taken up by themselves; a request of workers takes up any (Trade Union Law Art 3)."""
    taken_up = situation.word("category") in situation.policy.words("intake.categories")
    if taken_up or situation.yes("worker_request"):
        return None
    return Text(
        "本地只登记、暂不纳入建会范围。", "Recorded only; local policy does not take it up by itself."
    )


def out_of_scope(situation: Situation) -> Text | None:
    """The other half of `in_scope`: where that one stands in the way, this one does not."""
    if in_scope(situation) is not None:
        return None
    return Text("属于建会范围。", "Local policy takes it up.")


def placed(situation: Situation) -> Text | None:
    if situation.yes("placed"):
        return None
    return Text("还不知道在哪个乡镇街道。", "The town is not known yet.")


def not_acknowledged_yet(situation: Situation) -> Text | None:
    if not situation.yes("acknowledged"):
        return None
    return Text("已经签收过。", "It has been acknowledged already.")


def not_registered_yet(situation: Situation) -> Text | None:
    if not situation.yes("enterprise_registered"):
        return None
    return Text("已经收到登记通报。", "The registration has been reported already.")


def told_by_a_department(situation: Situation) -> Text | None:
    if situation.word("source") == "department":
        return None
    return Text(
        "招商部门通报的项目，以登记机关的通报为准，请等登记。",
        "A project of the investment office counts as registered when the registration office says so: wait for it.",
    )


def attempts_left(situation: Situation) -> Text | None:
    limit = situation.policy.number("lead.max_attempts")
    if situation.number("attempts") < limit:
        return None
    return Text(
        "已送达{n}次，请改为登记“联系不上”或继续走访。",
        "Served {n} times already; record it as unreachable or visit again.",
    ).filled(n=limit)


def attempts_spent(situation: Situation) -> Text | None:
    limit = situation.policy.number("lead.max_attempts")
    if situation.number("attempts") >= limit:
        return None
    return Text(
        "送达满{n}次仍无回应，才能登记为联系不上。",
        "Only after {n} notices without an answer may it be called unreachable.",
    ).filled(n=limit)


def last_notice_ran_out(situation: Situation) -> Text | None:
    """Nobody is unreachable while the last notice left there may still be answered."""
    if situation.yes("ran_out"):
        return None
    return Text(
        "最后一份通知书还没有期满，期满无回应才能登记为联系不上。",
        "The last notice has not run out yet; only then may it be called unreachable.",
    )


def applicants_within_headcount(situation: Situation) -> Text | None:
    headcount = situation.facts.get("headcount")
    if not isinstance(headcount, int) or situation.number("applicants") <= headcount:
        return None
    return Text("申请人数多于从业人数，请核对。", "More applied than work there; check the figures.")


def women_within_headcount(situation: Situation) -> Text | None:
    headcount = situation.facts.get("headcount")
    if not isinstance(headcount, int) or situation.number("women_workers") <= headcount:
        return None
    return Text("女职工人数多于从业人数，请核对。", "There are more women than workers; check the figures.")


def opinion_is_due(situation: Situation) -> Text | None:
    """Only where the place knows an opinion letter, and only once its time since the registration is over (K7 Art 7)."""
    after = situation.policy.span("union.opinion.after")
    if situation.policy.word("union.assent") == "none" or after is None:
        return Text(
            "本地没有意见书的规定，请继续走访。", "This place knows no opinion letter; go on visiting."
        )
    founded = situation.day("registered_on")
    if founded is None:
        return Text(
            "案卷里没有登记日期，请先向登记机关核实。",
            "The file holds no day of registration; ask the registration office first.",
        )
    last = after.after(founded)
    if situation.today > last:
        return None
    return Text(
        "登记满{zh}（{last}届满）仍未建会，才能发出意见书。",
        "The letter may be issued once {en} since the registration are over, after {last}.",
    ).filled(zh=after.words.zh, en=after.words.en, last=last)


def within_headcount(situation: Situation) -> Facts:
    """What a form shows as its example where the headcount is on file: no more people than work there."""
    headcount = situation.number("headcount")
    if not headcount:
        return {}
    applicants, women = situation.number("applicants") or 30, situation.number("women_workers") or 20
    return {
        "headcount": headcount,
        "applicants": min(applicants, headcount),
        "women_workers": min(women, headcount),
    }


# -- what a step puts on file, and how long its term is ---------------------------------------------------


def came_from(source: str) -> Derive:
    """Where the news came from, for the union's drawer alone, and the day from which a local deadline counts."""
    return lambda situation: {"source": source, "counted_from": _founded(situation)}


def asked_by_workers(situation: Situation) -> Facts:
    return {"source": "workers", "worker_request": True, "counted_from": _founded(situation)}


def registered_from_nothing(situation: Situation) -> Facts:
    return {"source": "registry", **now_registered(situation)}


def now_registered(situation: Situation) -> Facts:
    return {"enterprise_registered": True, "counted_from": _founded(situation)}


def counted_anew(situation: Situation) -> Facts:
    return {"counted_from": _founded(situation)}


def one_more_attempt(situation: Situation) -> Facts:
    return {
        "attempts": situation.number("attempts") + 1,
        "instrument": situation.policy.word("notice.instrument"),
        "ran_out": False,
        # the first may be answered before its service is on file
        "replied": situation.yes("replied") and situation.number("attempts") == 0,
    }


def opinion_named(situation: Situation) -> Facts:
    return {"letter": situation.policy.word("union.assent")}


def contact_begins_anew(_: Situation) -> Facts:
    return {"attempts": 0, "replied": False}


def reply_recorded(situation: Situation) -> Facts:
    """What the enterprise says it means to do; nobody has consented or refused by it."""
    return {"replied": True, "reply": situation.word("reply")}


def has_replied(situation: Situation) -> bool:
    return situation.yes("replied")


def request_recorded(_: Situation) -> Facts:
    return {"worker_request": True}


def request_reopens(_: Situation) -> Facts:
    return {"worker_request": True, "attempts": 0}


def notice_rests_on(situation: Situation) -> str:
    """The first notice has its period, every later one its own (P-NOTICE, P-NOTICE2)."""
    return "notice.period" if situation.number("attempts") <= 1 else "lead.second_notice"


def formation_span(situation: Situation) -> Span | None:
    """The place's own time for founding a union; some count it only once workers are willing (K6 Art 11)."""
    willing = situation.policy.word("union.formation.counted") == "once_willing"
    if willing and situation.number("applicants") == 0:
        return None
    return situation.policy.span("union.formation.deadline")


def _founded(situation: Situation) -> str:
    """The day of registration, or of the news where the office has told none."""
    return situation.word("registered_on") or situation.today.isoformat()
