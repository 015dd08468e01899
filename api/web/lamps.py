"""How pressing something is, in words: on the pages and in what is taken out of them."""

from workflows.words import Text

BAND_WORDS: dict[str, Text] = {
    "overdue": Text("已超期", "Overdue"),
    "today": Text("今日到期", "Due today"),
    "soon": Text("即将到期", "Due soon"),
    "later": Text("未到期", "In time"),
    "none": Text("不设期限", "No term"),
}
NO_BODY = Text("尚无承办单位", "no body yet")
#: What was done after its day is called so for good.
DONE_LATE = Text("逾期办结", "done late")


def cell_words(cell: str, month: int | None = None) -> Text:
    """What a number on the supervisor's board counts; the month is named where it is known.

    >>> cell_words("late", 3).zh, cell_words("done").en
    ('3月逾期办结', 'Done this month')
    """
    of = f"{month}月" if month else "本月"
    if cell == "done":
        return Text(f"{of}办结", "Done this month")
    return Text(f"{of}逾期办结", "Done late this month") if cell == "late" else BAND_WORDS[cell]


def many(number: int) -> Text:
    """A number as far as it was counted."""
    return Text("999以上", "more than 999") if number > 999 else Text(str(number), str(number))
