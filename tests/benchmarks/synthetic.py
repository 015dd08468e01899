"""A made-up list of the enterprises of 吉林省, of any length: every tenth in 越北镇 of 船营区, the others all over the province."""

import csv
from datetime import date
from pathlib import Path

from stdnum.cn import uscc as codes

from services.demo.town import COUNTY, TRADES
from services.directory.divisions import everything

HEADER = (
    "企业名称",
    "统一社会信用代码",
    "注册日期",
    "企业类型",
    "法人代表",
    "注册资金",
    "经营范围",
    "所在省份",
    "地区",
    "注册地址",
)
REGISTERED = date(2019, 1, 2)
HOME = "吉林市船营区越北镇1号"
#: A brand is two of these: 1,560 brands, so that two characters name about 640 enterprises of a million.
SIGNS = "华宏恒鑫瑞泰兴盛源通达信诚德昌隆安康福顺金银玉石天地春秋江河山海云龙凤鹤松柏"


def write_list(path: Path, rows: int) -> Path:
    """The list stands at `path`."""
    counties = [
        (one.code, one.name)
        for one in everything()
        if one.level == "county" and one.code[:2] == COUNTY[:2]
        if one.code != COUNTY and one.stood(REGISTERED) and one.valid_to is None
    ]
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(HEADER)
        for number in range(rows):
            county, place = (COUNTY, HOME) if number % 10 == 0 else counties[number % len(counties)]
            stem = f"91{county}MAY{number:06d}"
            name = f"{_brand(number)}{TRADES[number * 7 // 10 % len(TRADES)]}有限公司"
            code = stem + str(codes.calc_check_digit(stem))
            lines.writerow(
                (name, code, REGISTERED, "有限责任公司", "", "200(万)", "批发零售", "吉林", "", place)
            )
    return path


def _brand(number: int) -> str:
    """Two signs, never twice the same, all pairs equally often."""
    first, step = divmod(number * 7919 % (len(SIGNS) * (len(SIGNS) - 1)), len(SIGNS) - 1)
    return SIGNS[first] + SIGNS[(first + 1 + step) % len(SIGNS)]
