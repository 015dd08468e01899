"""Guards on an election's figures, the same for unions and Party branches; who must be present is the place's policy."""

from workflows.definition import Guard, Situation
from workflows.words import Text

FIGURES = Text(
    "应有：得票数 ≤ 到会人数 ≤ 应到人数，请核对。",
    "Votes may not exceed those present, nor those present those entitled; check the figures.",
)


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


def majority(why: Text) -> Guard:
    """More than half of those entitled (应到), not merely of those present, voted in favour."""
    return lambda situation: None if situation.number("votes_for") * 2 > situation.number("entitled") else why
