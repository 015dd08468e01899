"""What is told of records that were set aside, and of messages that were refused over the broker."""

from workflows.catalogue.family import Family
from workflows.words import Text

ASIDE: dict[str, tuple[Family, Text]] = {
    "not_set_aside": (
        Family.CONFLICT,
        Text(
            "这条记录已不在隔离中：已经交回重办，或者已经办妥，请看现在的列表。",
            "This record is not set aside any more: it is being tried again, or is done. See the list as it is now.",
        ),
    ),
    "letter_settled": (
        Family.CONFLICT,
        Text(
            "这条消息已经有人处理过，请看现在的列表。",
            "Somebody has dealt with this message already; see the list as it is now.",
        ),
    ),
    "letter_unreadable": (
        Family.REFUSED,
        Text(
            "这条消息太大或者读不出来，不能重新投递：请机关改正后另发，再选“不再处理”。",
            "This message is too large or cannot be read, so it cannot be sent again: ask the office to send it anew, then drop it.",
        ),
    ),
    "still_refused": (
        Family.REFUSED,
        Text("重新投递后仍没有收下：{zh}", "It was sent again and refused again: {en}"),
    ),
}
