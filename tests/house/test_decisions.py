"""A decision names the tests that keep it true; they exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DECISIONS = sorted((ROOT / "deploy/handbook/decisions").glob("0*.md"))


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.stem[:4])
def test_what_a_decision_names_exists(page: Path) -> None:
    text = page.read_text("utf-8")
    named = re.findall(r"`((?:workflows|services|workers|api|tests|deploy)/[\w/.-]+)(?:::(\w+))?`", text)
    assert "**Kept true by**" in text
    assert named
    for path, test in named:
        assert (ROOT / path).exists(), path
        assert not test or f"def {test}(" in (ROOT / path).read_text("utf-8"), test


def test_every_decision_stands_in_the_list() -> None:
    listed = (ROOT / "deploy/handbook/decisions/README.md").read_text("utf-8")
    assert [page.name for page in DECISIONS if page.name not in listed] == []
