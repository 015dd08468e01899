"""Placing: what the papers say, and never a guess. The lists at the end are real ones, where the folder is at hand."""

import csv
import time
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from services.directory.divisions import find, level_of
from services.directory.naming import named, short_names
from services.directory.placing import place

LISTS = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "registry"
DAY = date(2019, 1, 2)


def placed(code: str, address: str | None = None, *, stated: str | None = None, on: date = DAY) -> str | None:
    return place(f"91{code}MA0000015X", stated, address, on).division


@pytest.mark.parametrize(
    ("code", "address", "division"),
    [
        # a real county in the code wins, whatever the address says
        ("220204", None, "220204"),
        ("220204", "", "220204"),
        ("220204", "吉林省长春市朝阳区某路1号", "220204"),
        ("220381", "公主岭市岭西五路", "220381"),  # of Siping until 2020
        ("500101", "重庆市万州区", "500101"),
        ("659001", "石河子市北四路", "659001"),
        # a city in the code: the address may name one county of it
        ("220200", "吉林省吉林市船营区北京路", "220204"),
        ("220200", "吉林市昌邑区", "220202"),
        ("220200", "船营区", "220204"),
        ("220200", "吉林省吉林市高新区深圳街", "220200"),
        ("220200", None, "220200"),
        ("220200", "吉林省", "220200"),
        ("220200", "吉林市船营区与昌邑区交界", "220200"),  # two counties
        ("220200", "吉林省长春市朝阳区", "220200"),  # another city
        ("220200", "辽宁省沈阳市大东区", "220200"),  # another province
        ("220200", "船营区大街12号", "220200"),  # a street
        ("220400", "辽源市西安区", "220403"),
        ("220400", "辽源市龙山区西安区旁", "220400"),
        ("220700", "松原市前郭县长山镇", "220721"),
        ("220700", "前郭尔罗斯蒙古族自治县", "220721"),
        ("220300", "四平市伊通县", "220323"),
        ("222400", "延边州延吉市局子街", "222401"),
        ("222400", "延边朝鲜族自治州安图县", "222426"),
        ("141000", "临汾市古县岳阳镇", "141025100"),
        ("141000", "山西古县岳阳镇", "141025100"),
        ("141000", "永吉县口前镇", "141000"),  # 永吉县 is not 吉县
        ("141000", "临汾市尧都区古县路12号", "141002"),  # 古县路 is a street
        ("141000", "临汾市侯马市场路", "141000"),
        ("141000", "临汾市老城古县巷", "141000"),
        ("441900", "东莞市石碣镇", "441900"),
        # a province in the code
        ("220000", "长春市朝阳区人民大街", "220104"),
        ("220000", "吉林省长春市高新开发区", "220100"),
        ("220000", "吉林省", "220000"),
        ("220000", "北京市朝阳区", "220000"),
        ("310000", "上海市浦东新区世纪大道", "310115"),
        # no division in the code: the address within the same city, or a person
        ("220271", "吉林省吉林市龙潭区遵义东路", "220203"),
        ("220201", "吉林市丰满区", "220211"),
        ("220271", "吉林省吉林市", None),
        ("220271", None, None),
        ("220107", "长春市高新开发区硅谷大街", None),
        ("220107", "长春市朝阳区与南关区之间", None),
        ("220107", "吉林市船营区", None),
        ("220181", "长春市九台区沐石河镇", "220113"),  # 九台市 ended in 2014
        ("220181", "九台市土们岭镇", None),
        ("310141", "上海市浦东新区", "310115"),
        ("429000", "湖北省仙桃市", "429004"),
        ("100000", "北京市西城区", "110102"),
        ("999999", "吉林市船营区", "220204"),
        # towns
        ("220204", "吉林省吉林市船营区越北镇晓光村", "220204102"),
        ("220204", "越北镇", "220204102"),
        ("220204", "越北镇与搜登站镇之间", "220204"),
        ("220204", "吉林市昌邑区北山街道", "220204"),  # names another county of the city
        ("220204", "吉林市船营区黄旗街", "220204"),  # a street, not the 街道
        ("220204", "吉林船营经济开发区", "220204"),  # a zone is no town
        ("220200", "吉林市船营区越北镇", "220204102"),
        ("220200", "吉林市越北镇", "220200"),  # a town alone does not name its county
    ],
)
def test_an_enterprise_is_placed_where_its_papers_say(
    code: str, address: str | None, division: str | None
) -> None:
    assert placed(code, address) == division


@pytest.mark.parametrize(
    ("stated", "division"),
    [
        ("220204", "220204"),
        ("220204102", "220204102"),
        ("220204102007", "220204102"),
        ("220204000000", "220204"),
        ("220200", "220200"),
        (" 220204 ", "220204"),
        ("330103", "330103"),  # 下城区 stood in 2019
        ("110101001", "110101"),  # no towns are loaded there
    ],
)
def test_a_stated_division_wins(stated: str, division: str) -> None:
    result = place("91220202MA0000015X", stated, "吉林市昌邑区", DAY)
    assert (result.division, result.fault, result.is_triage) == (division, None, False)


@pytest.mark.parametrize(
    "stated", ["220299", "220271", "220184", "220204999", "999999", "22", "吉林市", "2202041020071", "330113"]
)
def test_a_stated_division_that_did_not_stand_is_a_fault(stated: str) -> None:
    result = place("91220204MA0000015X", stated, "吉林市船营区", DAY)
    assert (result.division, result.fault, result.is_triage) == (None, "division_unknown", False)
    assert stated in result.reason.zh


@pytest.mark.parametrize("stated", [None, "", "  "])
def test_nothing_stated_leaves_it_to_the_code(stated: str | None) -> None:
    assert placed("220204", stated=stated) == "220204"


def test_an_old_enterprise_got_its_code_in_2015() -> None:
    assert placed("141002", on=date(1999, 5, 1)) == "141002"  # 尧都区 stands since 2000
    assert placed("220181", "长春市九台区", on=date(1999, 5, 1)) == "220181"  # 九台市 stood that day
    assert placed("220103", on=date(1985, 5, 1), stated="500101") == "500101"  # 万州区 stands since 1997


def test_triage_carries_its_reason() -> None:
    result = place("91220107MA0000015X", None, "长春市高新开发区", DAY)
    assert result.is_triage and "220107" in result.reason.zh and "人工" in result.reason.zh


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("前郭尔罗斯蒙古族自治县", ["前郭尔罗斯县", "前郭县"]),
        ("长白朝鲜族自治县", ["长白县"]),
        ("东乡族自治县", ["东乡县"]),
        ("鄂伦春自治旗", ["鄂伦春旗"]),
        ("双江拉祜族佤族布朗族傣族自治县", ["双江县"]),
        ("延边朝鲜族自治州", ["延边州"]),
        ("船营区", []),
    ],
)
def test_autonomous_places_have_short_names(name: str, short: list[str]) -> None:
    assert short_names(name) == short


def test_the_longest_name_is_read() -> None:
    read = [mention[0].name for mention in named("吉林省松原市前郭尔罗斯蒙古族自治县永吉县吉林市场")]
    assert read == ["吉林省", "松原市", "前郭尔罗斯蒙古族自治县", "永吉县"]


@pytest.mark.skipif(not LISTS.is_dir(), reason="the real lists are not beside this checkout")
@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("jilin-2019.csv", {"county": 6207, "triage": 1026, "city": 116, "town": 24}),
        ("linfen-2019.csv", {"county": 511, "town": 469, "city": 130}),
    ],
)
def test_real_lists_are_placed_without_contradicting_a_real_county(
    file: str, expected: dict[str, int]
) -> None:
    counts = Counter[str]()
    with (LISTS / file).open(encoding="utf-8-sig", newline="") as lines:
        for row in csv.DictReader(lines):
            code, on = row["统一社会信用代码"], date.fromisoformat(row["注册日期"])
            result = place(code, None, row["注册地址"], on)
            home = find(code[2:8], on)
            assert result.reason.zh and result.fault is None
            if home is not None and home.level == "county":
                assert result.division is not None and result.division[:6] == code[2:8]
            elif result.division is not None:
                assert result.division[:2] == code[2:4]
                assert home is None or home.level == "province" or result.division[:4] == code[2:6]
            counts[level_of(result.division) if result.division else "triage"] += 1
    assert counts == expected


def test_twenty_thousand_are_placed_in_a_second() -> None:
    addresses = [
        "吉林省吉林市船营区越北镇晓光村一社",
        "吉林省长春市高新开发区硅谷大街1877号融创上城",
        "前郭县长山镇",
    ]
    codes = ["91220204MA0000015X", "91220107MA0000015X", "91220700MA0000015X"]
    place(codes[1], None, addresses[0], DAY)  # reads the tables
    began = time.process_time()
    for turn in range(6_000):
        place(codes[turn % 3], None, addresses[turn % 3], DAY)
    assert time.process_time() - began < 0.3
