"""The help says what is so: its words are those of the pages, its keys those of the script, its licences those of what make brings."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from api.web.glossary import KEYS, LICENCES, WORDS
from services.access.accounts import create_account
from services.actor import SERVICE
from tests.builders import COUNTY, PASSWORD, TOWN, Counter

WEB = Path(__file__).parents[2] / "api" / "web"
SCRIPT = (WEB / "static" / "gongjian.js").read_text("utf-8")


def said_on_pages() -> set[tuple[str, str]]:
    """Every pair of words that a page says, in templates and in the words around them."""
    pages = "".join(one.read_text("utf-8") for one in (WEB / "templates").rglob("*.html"))
    pages += (WEB / "chrome.py").read_text("utf-8")
    return set(re.findall(r"""(?:\bt|Text)\(['"]([^'"]+)['"],\s*['"]([^'"]+)['"]\)""", pages))


def browser(counter: Counter, body: str) -> Any:
    """`Any`: a test client."""
    with counter.town.runtime.writing(SERVICE) as unit:
        create_account(unit, "reader", body, PASSWORD)
    counter.client.post("/login", data={"account": "reader", "password": PASSWORD})
    return counter.client


def test_every_word_of_the_glossary_stands_on_a_page() -> None:
    said = {(zh.strip("✓●▲ "), en.strip("✓●▲ ")) for zh, en in said_on_pages()}
    assert [one.word for one in WORDS if (one.word.zh, one.word.en) not in said] == []


def test_no_page_says_a_word_of_the_glossary_in_other_english() -> None:
    known: dict[str, set[str]] = {}
    for one in WORDS:
        known.setdefault(one.word.zh, set()).add(one.word.en.lower())
    others = {
        (zh, en)
        for zh, en in said_on_pages()
        if zh in known and not any(en.lower().strip(": ") in (word, word.rstrip("s")) for word in known[zh])
    }
    #: Longer ways of saying it, where a heading or a count asks for one.
    assert others <= {("环节", "Way"), ("时限", "Deadlines"), ("暂定", "provisionally")}


def test_every_key_of_the_script_is_told_and_no_other() -> None:
    (go,) = re.findall(r"const GO = {([^}]+)}", SCRIPT)
    wanted = {f"g {key}" for key in re.findall(r"(\w): '", go)}
    wanted |= set(re.findall(r"event\.key === '([^']+)'", SCRIPT)) - {"g", "Enter"}
    assert {key for key, _ in KEYS} == wanted | {"Enter", "Ctrl+Enter"}


def test_the_licence_of_everything_that_is_brought_is_told() -> None:
    assert set(json.loads((WEB / "package.json").read_text("utf-8"))["dependencies"]) == set(LICENCES)
    kept = WEB.parents[1] / ".venv" / "pages" / "node_modules"
    for name, licence in LICENCES.items():
        said = kept / name / "package.json"
        if not said.exists():
            pytest.skip("npm has brought nothing here")
        assert json.loads(said.read_text("utf-8"))["license"] == licence


def test_everybody_reads_the_help_in_both_languages(counter: Counter) -> None:
    page = browser(counter, f"union.{TOWN}").get("/help")
    assert page.status_code == 200 and "<kbd>g i</kbd>" in page.text and "2.0.11 <small>0BSD" in page.text
    english = counter.client.get("/help?lang=en").text
    for one in WORDS:
        assert one.meaning.zh in page.text and one.word.en in english
    assert '<a href="/help"' in page.text


def test_keys_of_one_letter_are_turned_off_and_on_for_this_browser(counter: Counter) -> None:
    reader = browser(counter, f"security.{COUNTY}")
    assert 'data-keys="off"' not in reader.get("/help").text
    off = reader.get("/help?keys=off")
    assert 'data-keys="off"' in off.text and "快捷键已关闭" in off.text
    assert 'data-keys="off"' in reader.get("/").text, "on every page"
    assert 'data-keys="off"' not in reader.get("/help?keys=on").text
    assert 'data-keys="off"' not in reader.get("/").text
    assert 'data-keys="off"' not in reader.get("/help?keys=maybe").text
