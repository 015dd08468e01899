"""Guards on an election's figures, the same for unions and Party branches; who must be present is the place's policy."""

from workflows.definition import Guard, Situation
from workflows.words import Text

FIGURES = Text(
    "应有：得票数 ≤ 到会人数 ≤ 应到人数，请核对。",
    "Votes may not exceed those present, nor those present those entitled; check the figures.",
)

_BASES = {"entitled": Text("应到", "entitled"), "present": Text("实到", "present")}


def plausible_figures(situation: Situation) -> Text | None:
    """Nobody votes who is not present, and nobody is present who is not entitled."""
    if situation.number("votes_for") <= situation.number("present") <= situation.number("entitled"):
        return None
    return FIGURES


def quorum(policy_key: str, why: Text) -> Guard:
    """The share of those entitled that the place asks for was present; `why` may use {share}."""

    def guard(situation: Situation) -> Text | None:
        share = situation.policy.fraction(policy_key)
        if situation.number("present") >= share * situation.number("entitled"):
            return None
        return why.filled(share=share)

    return guard


def majority(why: Text, *, base_key: str = "") -> Guard:
    """More than half of those entitled (应到) voted in favour, not merely of those present.

    A place may count those present (实到) instead where `base_key` names its policy; `why` may use {zh} and {en} for the base.
    """

    def guard(situation: Situation) -> Text | None:
        base = situation.policy.word(base_key) if base_key else "entitled"
        if situation.number("votes_for") * 2 > situation.number(base):
            return None
        return why.filled(zh=_BASES[base].zh, en=_BASES[base].en)

    return guard


def surplus(policy_key: str, why: Text) -> Guard:
    """Candidates outnumber posts by the place's own share, where their numbers are given; `why` may use {share}."""

    def guard(situation: Situation) -> Text | None:
        posts, candidates = situation.number("posts"), situation.number("candidate_count")
        share = situation.policy.number(policy_key)
        if posts == candidates == 0 or (posts and (candidates - posts) * 100 >= max(posts * share, 1)):
            return None
        return why.filled(share=share)

    return guard
