"""A made-up list of enterprises of 船营区 of any length, every code with a valid check digit."""

import csv
from pathlib import Path

from services.demo.town import Enterprise

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


def write_list(path: Path, rows: int) -> Path:
    """The list stands at `path`."""
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(HEADER)
        for number in range(500_000, 500_000 + rows):
            one = Enterprise(number, 0, 0, 0, 0)
            lines.writerow(
                (
                    one.name,
                    one.uscc,
                    "2019-01-02",
                    "有限责任公司",
                    "",
                    "200(万)",
                    "批发零售",
                    "吉林",
                    "吉林",
                    "吉林市船营区越北镇1号",
                )
            )
    return path
