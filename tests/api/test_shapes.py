"""Nobody is told more than he was told yesterday without somebody having looked at it (S09)."""

from tests.api.shapes import FILE, told
from tests.builders import Counter


def test_each_kind_of_body_is_told_what_the_file_says_and_no_more(counter: Counter) -> None:
    assert told(counter) == FILE.read_text(encoding="utf-8").splitlines()
