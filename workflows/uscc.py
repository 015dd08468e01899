"""The unified social credit code (GB 32100-2015): its normal form, and what is wrong with one that has none.

A good code proves form, never registration. The check digit is python-stdnum's arithmetic; what it lacks is added here.
"""

import re
import unicodedata

from stdnum.cn.uscc import calc_check_digit

from workflows.words import Text

ALPHABET = frozenset("0123456789ABCDEFGHJKLMNPQRTUWXY")
_SEPARATORS = re.compile(r"[\s\-‐‑‒–—―−\u200b\ufeff]+")
_LONGEST = 100
_NUMBER = re.compile(r"[+-]?\d+\.\d*(E[+-]?\d+)?|\d+E[+-]\d+|\d{1,3}E\d{1,3}")
_OTHER = Text("其他", "other")

#: Registering department -> (its name, its categories): tables 2 and 3 of the standard.
DEPARTMENTS: dict[str, tuple[Text, dict[str, Text]]] = {
    "1": (
        Text("机构编制", "staffing of public bodies"),
        {
            "1": Text("机关", "public organ"),
            "2": Text("事业单位", "public institution"),
            "3": Text("群众团体", "mass organisation"),
            "9": _OTHER,
        },
    ),
    "2": (
        Text("外交", "foreign affairs"),
        {"1": Text("外国常驻新闻机构", "foreign news bureau"), "9": _OTHER},
    ),
    "3": (
        Text("司法行政", "administration of justice"),
        {
            "1": Text("律师执业机构", "law firm"),
            "2": Text("公证处", "notary office"),
            "3": Text("基层法律服务所", "grassroots legal service"),
            "4": Text("司法鉴定机构", "forensic institution"),
            "5": Text("仲裁委员会", "arbitration commission"),
            "9": _OTHER,
        },
    ),
    "4": (Text("文化", "culture"), {"1": Text("外国在华文化中心", "foreign cultural centre"), "9": _OTHER}),
    "5": (
        Text("民政", "civil affairs"),
        {
            "1": Text("社会团体", "social organisation"),
            "2": Text("民办非企业单位", "private non-enterprise unit"),
            "3": Text("基金会", "foundation"),
            "9": _OTHER,
        },
    ),
    "6": (
        Text("旅游", "tourism"),
        {
            "1": Text("外国旅游部门常驻代表机构", "foreign tourism office"),
            "2": Text("港澳台旅游部门常驻代表机构", "Hong Kong, Macao or Taiwan tourism office"),
            "9": _OTHER,
        },
    ),
    "7": (
        Text("宗教", "religious affairs"),
        {
            "1": Text("宗教活动场所", "place of worship"),
            "2": Text("宗教院校", "religious school"),
            "9": _OTHER,
        },
    ),
    "8": (Text("工会", "trade unions"), {"1": Text("基层工会", "grassroots union"), "9": _OTHER}),
    "9": (
        Text("市场监管", "market regulation"),
        {
            "1": Text("企业", "enterprise"),
            "2": Text("个体工商户", "individual business"),
            "3": Text("农民专业合作社", "farmers' cooperative"),
        },
    ),
    "A": (Text("军队", "armed forces"), {"1": Text("军队事业单位", "military institution"), "9": _OTHER}),
    "N": (
        Text("农业", "agriculture"),
        {
            "1": Text("组级集体经济组织", "group-level collective"),
            "2": Text("村级集体经济组织", "village-level collective"),
            "3": Text("乡镇级集体经济组织", "township-level collective"),
            "9": _OTHER,
        },
    ),
    "Y": (_OTHER, {"1": _OTHER}),
}


class UsccFault(ValueError):
    """A text that is no code; `code` names the fault, `text` tells the clerk what to mend."""

    def __init__(self, code: str, zh: str, en: str) -> None:
        self.code = code
        self.text = Text(zh, en)
        super().__init__(en)


def normalise(text: str) -> str:
    """The code in half-width capitals without spaces and hyphens.

    >>> normalise(" ９１22-0204 ma00000151")
    '91220204MA00000151'
    """
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()


def check(text: str) -> str:
    """The normal form of a code that is formally right. Raises UsccFault otherwise."""
    if len(text) > _LONGEST:
        raise _length(len(text))
    spoken = unicodedata.normalize("NFKC", text).strip().upper()
    code = normalise(text)
    if _NUMBER.fullmatch(spoken):
        raise _destroyed()
    if len(code) != 18:
        raise _length(len(code))
    if code == "0" * 18:
        raise UsccFault("uscc_zero", "十八个零不是代码", "eighteen zeros are no code")
    if strange := sorted(set(code) - ALPHABET):
        letters = " ".join(strange)
        raise UsccFault(
            "uscc_alphabet",
            f"含有代码中不用的字符：{letters}（不用 I O S V Z）",
            f"it holds characters no code uses: {letters} (I, O, S, V and Z are never used)",
        )
    right = calc_check_digit(code[:17])
    if code.isdigit() and code.endswith("000") and not (right == code[17] and _subject_agrees(code)):
        raise _destroyed()
    if code[0] not in DEPARTMENTS:
        raise UsccFault(
            "uscc_department",
            f"第1位{code[0]}不是登记管理部门",
            f"its first character, {code[0]}, is no department",
        )
    department, categories = DEPARTMENTS[code[0]]
    if code[1] not in categories:
        raise UsccFault(
            "uscc_category",
            f"第2位{code[1]}不是{department.zh}部门的机构类别",
            f"its second character, {code[1]}, is no category of {department.en}",
        )
    if right != code[17]:
        raise UsccFault(
            "uscc_check_digit",
            "校验位不符，请核对是否抄错",
            "its check digit does not match: look for a slip",
        )
    return code


def category(code: str) -> Text:
    """What kind of organisation a good code belongs to.

    >>> category("81220204MA00000152").zh
    '基层工会'
    """
    return DEPARTMENTS[code[0]][1][code[1]]


def _subject_agrees(code: str) -> bool:
    """Whether the subject's own check digit (GB 11714) fits. Advisory: asked only of codes that look destroyed."""
    total = sum(
        int(digit) * weight for digit, weight in zip(code[8:16], (3, 7, 9, 10, 5, 8, 4, 2), strict=True)
    )
    return "0123456789X0"[11 - total % 11] == code[16]


def _length(found: int) -> UsccFault:
    return UsccFault("uscc_length", f"应为18位，现为{found}位", f"it must have 18 characters, not {found}")


def _destroyed() -> UsccFault:
    return UsccFault(
        "uscc_number",
        "表格软件把代码变成了数字，后几位已丢失：请把该列设为文本格式，重新填写",
        "a spreadsheet turned the code into a number and lost its last digits: format the column as text and enter it again",
    )
