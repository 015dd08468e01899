"""The words of the house, Chinese and English, for the help page; the keys that the pages listen to; and what they are made of. Tests
compare each with the pages, with the script, and with what make brings."""

import json
from dataclasses import dataclass
from importlib.resources import files

from workflows.words import Text


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it stands on the pages, and what it means there."""

    word: Text
    meaning: Text


WORDS: tuple[Word, ...] = (
    Word(Text("案卷", "Cases"), Text("一家企业（或一件事）的全部办理记录", "the whole file of an enterprise, or of a matter")),
    Word(Text("待办", "Work items"), Text("等着本单位的人办的事项", "what waits for the people of a body")),
    Word(Text("已办", "Done"), Text("已经办完的事项", "what they have done")),
    Word(Text("签收", "Claim"), Text("待办：由本人承办", "of a work item: it is mine to do")),
    Word(Text("签收", "Acknowledge"), Text("通报：收到了，还没有表态", "of a notice: it has come, and nothing is said to it yet")),
    Word(Text("退回", "Give back"), Text("签收了的待办放回本单位，谁都可以再签收", "a claimed item is anybody’s again")),
    Word(Text("转办", "Pass on"), Text("待办交给本单位的同事", "a work item goes to a colleague of the same body")),
    Word(Text("催办", "Urge"), Text("提醒承办单位尽快办理，一天一次", "the body that holds it is reminded, once a day at most")),
    Word(Text("督办", "Supervision"), Text("上级查看下级各单位的办理情况", "who stands above sees how the bodies below stand")),
    Word(Text("逾期办结", "done late"), Text("过了期限才办完；以后一直这样记着", "done after its day, and marked so for good")),
    Word(Text("通报", "Notices"), Text("工会和党组织之间、上下级之间相互告知的文书", "what the union and the Party side, and bodies of two levels, tell each other")),
    Word(Text("答复", "Answer"), Text("对通报表态：接受、不接受或不适用", "what is said to a notice: accepted, not accepted, or that it does not apply")),
    Word(Text("环节", "Where it stands"), Text("办理到了哪一步", "the step that has been reached")),
    Word(Text("时限", "Due"), Text("最迟哪一天办完；点“怎么算的”看依据", "the last day; “How it was counted” gives the reasons")),
    Word(Text("承办人", "With"), Text("签收了这件事的人", "who has claimed it")),
    Word(Text("材料", "Documents"), Text("作为依据上传的文件", "files that were brought as evidence")),
    Word(Text("暂定", "provisional"), Text("该年放假安排没有正式发布，日期以后可能变动", "the holidays of that year are not published yet, so the day may still move")),
    Word(Text("操作日志", "Journal"), Text("谁办了什么、被拒绝了什么，不能改动", "who did what and was refused what; nobody can change it")),
    Word(Text("政策参数", "Policies"), Text("各地规定的期限和人数，逐级继承", "the terms and numbers that places have set, inherited from above")),
)  # fmt: skip

#: What a key does. Keys of one letter can be turned off.
KEYS: tuple[tuple[str, Text], ...] = (
    ("j", Text("下一行", "next row")),
    ("k", Text("上一行", "row before")),
    ("Enter", Text("打开", "open")),
    ("x", Text("选中或取消本行", "choose this row, or not")),
    ("s", Text("签收本行", "claim this row")),
    ("/", Text("查找", "search")),
    ("g h", Text("到工作台", "to the home page")),
    ("g i", Text("到待办", "to the work items")),
    ("g n", Text("到通报", "to the notices")),
    ("g c", Text("到案卷", "to the cases")),
    ("g s", Text("到督办", "to the supervision")),
    ("?", Text("到帮助", "to this help")),
    ("Ctrl+Enter", Text("提交正在填写的表单", "send the form that is being filled in")),
)

#: What npm brings for the pages, and under which licence it may be given on.
LICENCES = {"@tabler/core": "MIT", "htmx.org": "0BSD"}


def brought() -> list[tuple[str, str, str]]:
    """Each part of the pages that is not ours: its name, its version, its licence."""
    said = json.loads(files("api.web").joinpath("package.json").read_text(encoding="utf-8"))
    return [(name, said["dependencies"][name], licence) for name, licence in LICENCES.items()]
