"""Numbers of persons are known however they are typed, and what looks a little like one is let through (S09)."""

import pytest

from workflows.personal import MASK, has_number, without_numbers

IDENTITY, MOBILE = "11010519491231002X", "13800000000"


@pytest.mark.parametrize(
    "typed",
    [
        IDENTITY,
        IDENTITY.lower(),
        "110105 19491231 002X",
        "110105-19491231-002x",
        "110105.1949.12.31.002X",
        f"身份证号{IDENTITY}，请核对",
        "１１０１０５１９４９１２３１００２Ｘ",
        "810000199408230021",  # of Hong Kong, on the mainland
        MOBILE,
        "138 0000 0000",
        "138-0000-0000",
        "+8613800000000",
        "0086 138 0000 0000",
        "电话：１３８００００００００。",
    ],
)
def test_a_number_of_a_person_is_known_however_it_is_typed(typed: str) -> None:
    assert has_number(typed)
    shown = without_numbers(typed)
    assert MASK in shown and not has_number(shown)
    assert not any(part in shown for part in ("19491231", "0000", "１２３１"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "91220204MA00000151",  # an enterprise
        "912202041234567890",  # an enterprise of the old numbers
        "81220204MA00000152",  # a union
        "船工发〔2026〕1号",
        "2026-01-02 至 2026-03-02",
        "0432-64821234",
        "登记号1380000000",
        "138000000001",
        "会员60人，女会员16人，2019年1月2日选举",
        "220204102000",
    ],
)
def test_what_only_looks_like_one_is_let_through(text: str) -> None:
    assert not has_number(text)
    assert without_numbers(text) == text
