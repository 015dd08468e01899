"""Papers with a grade of secrecy (绝密, 机密, 秘密) do not belong here; their marking tells (CONDUCT 5.4)."""

import re

_GRADE = r"(?:绝\s*密|机\s*密|秘\s*密)"

#: Ordinary words of elections and commerce that hold the same two characters.
_HARMLESS = re.compile(r"(?:商业|个人|无)秘密|秘密(?:投票|写票|划票|填票|选举|表决)")
_STARRED = re.compile(_GRADE + r"\s*[★☆*＊]|[★☆]\s*" + _GRADE)
_DECLARED = re.compile(r"密\s*级\s*[:：为]?\s*[【\[（(]?\s*" + _GRADE)
_HEADING = re.compile(
    r"^\s*[【\[（(〔《]?\s*" + _GRADE + r"\s*(?:$|[】\]）)〕》\s,，。;；:：|]|[0-9一二三四五六七八九十]+年)"
)


def is_marked(name: str, first_page: str = "") -> bool:
    """Does the file's name, or its first page, bear a grade of secrecy?

    >>> is_marked("机密-名单.pdf"), is_marked("a.txt", "秘密★3年"), is_marked("秘密投票记录.txt")
    (True, True, False)
    """
    if re.search(_GRADE, _HARMLESS.sub("", name)):
        return True
    lines = _HARMLESS.sub("", first_page).splitlines()
    return any(_STARRED.search(line) or _DECLARED.search(line) or _HEADING.search(line) for line in lines)
