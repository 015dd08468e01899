"""Every word on a page is said in both languages: nothing stands in a template outside `t`, and neither half of `t` is missing."""

import ast
import re
from pathlib import Path

import pytest

TEMPLATES = sorted((Path(__file__).parents[2] / "api/web/templates").glob("*.html"))

#: What is the same in every language, or says its own.
SAME = {"中文", "English", "PDF", "Word", "WPS", "XLSX", "CSV", "TOTP", "JavaScript", "SHA"}
_SAID = re.compile(r"\bt\(((?:'(?:[^'\\]|\\.)*'|[^()']|\([^()]*\))*)\)")
_CHINESE = re.compile(r"[\u3400-\u9fff]")


def visible(text: str) -> str:
    """What a reader sees of a template that is not worked out: no statements, no expressions, no tags."""
    text = re.sub(
        r"{% macro described.*?{% endmacro %}", " ", text, flags=re.S
    )  # attributes of a tag, no text
    text = re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}", " ", text, flags=re.S)
    return re.sub(r"<!doctype[^>]*>|<[^>]*>|&\w+;", " ", text, flags=re.S)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_word_stands_outside(path: Path) -> None:
    words = re.findall(r"[A-Za-z\u3400-\u9fff]+", visible(path.read_text("utf-8")))
    assert [word for word in words if word not in SAME] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_both_halves_are_said_and_each_in_its_own_language(path: Path) -> None:
    for found in _SAID.finditer(path.read_text("utf-8")):
        halves = [ast.literal_eval(one) for one in re.findall(r"'(?:[^'\\]|\\.)*'", found[1])]
        if len(halves) == 2 and "~" not in found[1]:
            zh, en = halves
            quoted = re.findall(r"[\u3400-\u9fff]+", re.sub("|".join(SAME), "", en))
            assert all(word in zh for word in quoted), (
                f"Chinese that the Chinese half does not say: {found[0]}"
            )
            assert bool(zh) or en.strip(" ()") in ("", "since"), found[0]
            assert _CHINESE.search(zh) or not re.search(r"[A-Za-z]{3}", en), f"no Chinese: {found[0]}"


def test_the_two_rules_see_what_they_forbid() -> None:
    assert "Hello" in visible("<p class='x'>Hello {{ name }}</p>") and "name" not in visible("{{ name }}")
    assert _SAID.search("{{ t('办', 'do') }}")
