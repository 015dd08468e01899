"""The drawing of inbox, apply, outbox and leases: right in every state there is, and able to be wrong."""

import pytest

from tests.crash.model import HOUSE, MISTAKES, Rules, walk

FOUND = {
    "answers before the commit": "was answered and is lost",
    "does not look again at the row": "was applied twice",
    "takes no lock": "was applied twice",
    "passes over a row that is in hand": "went in the order",
    "moves the case and marks the row in two commits": "was applied and is set aside",
    "marks the row as done when it is claimed": "was never applied",
}


def test_nothing_is_lost_or_done_twice_or_out_of_order_in_any_state(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = walk(HOUSE)
    with capsys.disabled():
        print(f"\n{found.states} states walked, {found.wrong or 'nothing wrong'}")
    assert found.wrong is None, "\n".join(found.way)
    assert found.states > 100_000  # less, and it would not have met three events and two workers


@pytest.mark.parametrize(("mistake", "rules"), MISTAKES.items(), ids=MISTAKES)
def test_a_house_with_a_mistake_is_found_wrong(mistake: str, rules: Rules) -> None:
    found = walk(rules)
    assert found.wrong is not None and FOUND[mistake] in found.wrong
    assert found.way
