"""More time: the same step for every procedure whose term a superior may extend, with its reason on file (2.9)."""

from workflows.definition import STAY, Facts, Field, Situation, Step, Term
from workflows.roles import Role
from workflows.spans import Span
from workflows.words import Text

DAYS_MORE = Field("extend_days", "integer", Text("延长天数", "Days more"), 10, minimum=1, maximum=3650)
WHY_LONGER = Field("note", "text", Text("延长的理由", "Reason"), "材料较多 / many papers", maximum=500)


def extends(term: Term, *, by: Role, not_by: tuple[str, ...] = ()) -> Step:
    """A step by which `by` makes the term so many days longer while it runs; the reason stands in its derivation."""
    said = {"zh": term.label.zh, "en": term.label.en}
    return Step(
        name=f"extend_{term.name}",
        sources=term.during,
        target=STAY,
        label=Text("延长{zh}", "Extend: {en}").filled(**said),
        says=Text("说明理由，延长{zh}", "Extended, with the reason: {en}").filled(**said),
        rule=term.rule or "2.9",
        by=by,
        fields=(DAYS_MORE, WHY_LONGER),
        guards=(_not_too_long,),
        not_by=not_by,
        extends=term.name,
        extension=_days_more,
        suggests=_few_days_more,
    )


def _not_too_long(situation: Situation) -> Text | None:
    limit = situation.policy.number("extension.max_days")
    if situation.number("extend_days") <= limit:
        return None
    return Text("一次最多延长{limit}日。", "At most {limit} days at a time.").filled(limit=limit)


def _few_days_more(situation: Situation) -> Facts:
    return {"extend_days": min(10, situation.policy.number("extension.max_days"))}


def _days_more(situation: Situation) -> Span | None:
    days = situation.number("extend_days")
    return Span(days, "day") if days else None
