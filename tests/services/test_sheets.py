"""Every paper on its sheet, drawn by LibreOffice and read back by its positions: 22 lines of 28 characters, each element in its place
(GB/T 9704-2012)."""

import re
import shutil
import subprocess
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import pytest

from services.documents.filling import fill
from services.documents.house_templates import house_template
from services.documents.press import can_press, pdfs_of
from workflows.papers.forms import FORMS

FONTS = Path(__file__).parents[2] / "deploy" / "fonts" / "official-papers.conf"
MM = 72 / 25.4
#: The type area, in points from the sheet's upper left corner: 156 by 225 mm, 28 mm in and 37 mm down.
LEFT, TOP, RIGHT, BOTTOM = 28 * MM, 37 * MM, 184 * MM, 262 * MM
NAME = "燚&<鑫>" + "长" * 51 + "有限公司"
ORGAN = "吉林市船营区总工会"

pytestmark = [
    pytest.mark.skipif(not can_press(), reason="no LibreOffice: soffice is not on the path"),
    pytest.mark.skipif(shutil.which("pdftotext") is None, reason="no poppler: pdftotext is not on the path"),
    pytest.mark.skipif(
        shutil.which("fc-list") is None
        or "CJK SC" not in subprocess.run(["fc-list"], capture_output=True, text=True).stdout,
        reason="no Chinese fonts: fonts-noto-cjk is not installed",
    ),
]


@dataclass(frozen=True, slots=True)
class Word:
    page: int
    left: float
    top: float
    right: float
    bottom: float
    text: str


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Word]]:
    """Every form, filled in and drawn; the words of each with their places."""
    where = tmp_path_factory.mktemp("sheets")
    conf = where / "fonts.conf"
    conf.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd"><fontconfig>'
        f"<include>/etc/fonts/fonts.conf</include><include>{FONTS}</include></fontconfig>"
    )
    sheets = {}
    for key, (name, form) in enumerate(FORMS.items()):
        said = dict.fromkeys(form.blanks, "试填")
        said |= {"organ": ORGAN, "number": "船工发〔2026〕5号", "dated": "2026年11月20日", "name": NAME}
        said |= {"title": f"关于{NAME}建立工会的{form.label.zh}", "to": "吉林市总工会", "text": "工" * 1300}
        said |= {"attached": "1. 单位情况\n2. 职工申请"}
        sheets[key] = fill(form, house_template(name), said, "https://gongjian.example/r/" + "a" * 32)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FONTCONFIG_FILE", str(conf))
        pdfs = pdfs_of(sheets, seconds=120)
    assert set(pdfs) == set(sheets), "every sheet is drawn"
    return {name: _words(where, name, pdfs[key]) for key, name in enumerate(FORMS)}


def _words(where: Path, name: str, pdf: bytes) -> list[Word]:
    (where / f"{name}.pdf").write_bytes(pdf)
    subprocess.run(["pdftotext", "-bbox-layout", f"{name}.pdf", f"{name}.xml"], cwd=where, check=True)
    page, found = 0, []
    for said in (where / f"{name}.xml").read_text("utf-8").splitlines():
        page += "<page " in said
        if at := re.search(
            r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*)</word>', said
        ):
            text = at[5].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
            found.append(Word(page, *(float(at[n]) for n in range(1, 5)), text))
    return found


def lines(words: list[Word], page: int) -> list[tuple[float, str]]:
    """The lines of a page from the top: how far down each is, and what it says."""
    there = sorted((one for one in words if one.page == page), key=lambda one: (round(one.bottom), one.left))
    return [
        (bottom, "".join(one.text for one in row))
        for bottom, row in groupby(there, lambda one: round(one.bottom))
    ]


def first(words: list[Word], start: str) -> Word:
    found = next((one for one in words if one.text.startswith(start)), None)
    assert found is not None, f"{start} is not on the sheet"
    return found


@pytest.mark.parametrize("form", [name for name, one in FORMS.items() if "text" in one.blanks])
def test_a_full_page_has_22_lines_of_28_characters(drawn: dict[str, list[Word]], form: str) -> None:
    full = [text for _, text in lines(drawn[form], 2) if set(text) == {"工"}]
    assert [len(text) for text in full] == [28] * 22


@pytest.mark.parametrize("form", FORMS)
def test_nothing_stands_outside_the_type_area_but_the_page_number(
    drawn: dict[str, list[Word]], form: str
) -> None:
    for one in drawn[form]:
        assert one.left >= LEFT - 1 and one.right <= RIGHT + 12, one  # a mark of punctuation may hang over
        assert one.top >= TOP - 1, one
        assert one.bottom <= BOTTOM + 3 or re.fullmatch(r"—?\d?—?|—\d—", one.text), one


@pytest.mark.parametrize("form", [name for name, one in FORMS.items() if one.layout == "document"])
def test_head_number_title_and_addressee_stand_in_their_order(
    drawn: dict[str, list[Word]], form: str
) -> None:
    words = drawn[form]
    head, number, title = (
        first(words, f"{ORGAN}文件"),
        first(words, "船工发〔2026〕5"),
        first(words, "关于燚"),
    )
    to = next(one for one in words if one.text.startswith("吉林市总工会"))
    assert head.page == number.page == title.page == 1
    assert head.bottom < number.top < title.top < to.top
    assert 30 * MM < head.top - TOP < 42 * MM, "the head stands 35 mm below the upper edge of the type area"
    middle = (LEFT + RIGHT) / 2
    assert abs((head.left + head.right) / 2 - middle) < 2 * MM
    assert head.bottom - head.top > number.bottom - number.top, "the head is the largest"
    assert abs(to.left - LEFT) < 2, "the addressee begins at the left edge"


@pytest.mark.parametrize("form", [name for name, one in FORMS.items() if one.layout == "document"])
def test_the_day_stands_four_characters_from_the_right_and_the_end_at_the_foot(
    drawn: dict[str, list[Word]], form: str
) -> None:
    words = drawn[form]
    last = max(one.page for one in words)
    dated = [one for one in words if one.text.endswith("日") and abs(RIGHT - one.right - 4 * 15.75) < 6]
    assert dated, "成文日期右空四字"
    signed = [
        one
        for one in words
        if one.text == ORGAN and one.page == dated[-1].page and one.bottom < dated[-1].top
    ]
    assert signed, "署名 stands above the day"
    row = [one for one in words if one.page == dated[-1].page and abs(one.bottom - dated[-1].bottom) < 3]
    left, right = min(one.left for one in row), max(one.right for one in row)
    assert abs((signed[-1].left + signed[-1].right) / 2 - (left + right) / 2) < 5 * MM, (
        "in the middle above it"
    )
    printed = [one for one in words if one.text.endswith("印发")]
    assert printed and printed[-1].page == last and BOTTOM - printed[-1].bottom < 8 * MM, "版记 at the foot"
    copied = [one for one in words if one.text.startswith("抄送")]
    assert [one.page for one in copied] in ([], [last]) and all(
        5 * MM < printed[-1].bottom - one.bottom < 9 * MM for one in copied
    ), "抄送 on the line above it"


def test_a_request_names_its_signer_and_other_papers_have_their_number_in_the_middle(
    drawn: dict[str, list[Word]],
) -> None:
    request, reply = drawn["request"], drawn["reply"]
    signer = next(one for one in request if "签发人" in one.text)
    number = first(request, "船工发〔2026〕5")
    assert abs(signer.bottom - number.bottom) < 3 and abs(number.left - LEFT - 15.75) < 4
    alone = [one for one in reply if (one.page == 1 and "船工发" in one.text) or one.text == "号"][:2]
    middle = (min(one.left for one in alone) + max(one.right for one in alone)) / 2
    assert abs(middle - (LEFT + RIGHT) / 2) < 4 * MM


@pytest.mark.parametrize("form", [name for name, one in FORMS.items() if {"title", "name"} & set(one.blanks)])
def test_every_character_survives(drawn: dict[str, list[Word]], form: str) -> None:
    text = "".join(one.text for one in drawn[form])
    assert NAME in text, "with &, <, a rare character and sixty of them"


def test_pages_are_numbered_outside(drawn: dict[str, list[Word]]) -> None:
    for page, side in ((1, "right"), (2, "left"), (3, "right")):
        foot = [one for one in drawn["request"] if one.page == page and one.top > BOTTOM]
        assert "".join(one.text for one in foot) == f"—{page}—"
        gap = (
            RIGHT - max(one.right for one in foot)
            if side == "right"
            else min(one.left for one in foot) - LEFT
        )
        assert abs(gap - 14) < 4, "one character in from the outer edge"


def test_a_letter_shows_no_number_on_its_first_page(drawn: dict[str, list[Word]]) -> None:
    assert not [one for one in drawn["letter"] if one.page == 1 and one.top > BOTTOM]
    number = first(drawn["letter"], "船工发〔2026〕5")
    assert number.top < 60 * MM and number.right > RIGHT - 40, "under the rule, at the right"


def test_a_notice_stands_on_one_page_and_its_proof_of_service_on_the_next(
    drawn: dict[str, list[Word]],
) -> None:
    words = drawn["founding_notice"]
    assert first(words, "建会通知书").page == 1 and first(words, "送达回证").page == 2
    day = [one for one in words if one.page == 1 and one.text.endswith("日")]
    assert day, "the notice is dated on its own page"
    assert max(one.page for one in words) == 2
