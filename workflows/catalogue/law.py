"""What the law refuses."""

from workflows.catalogue.family import Family
from workflows.words import Text

_B, _R = Family.BAD_INPUT, Family.REFUSED

LAW: dict[str, tuple[Family, Text]] = {
    "step_unknown": (
        Family.NOT_FOUND,
        Text(
            "这个程序没有“{step}”这一步，请从可办理的步骤中选择。",
            "This procedure has no step named “{step}”; choose one of those it offers.",
        ),
    ),
    "step_not_here": (
        _R,
        Text(
            "当前环节是“{zh}”，不能办理“{step_zh}”。",
            "The current state is “{en}”; “{step_en}” cannot be taken from it.",
        ),
    ),
    "step_not_yours": (Family.NOT_YOURS, Text("这一步由{zh}办理。", "This step belongs to the {en}.")),
    "same_person": (
        Family.NOT_YOURS,
        Text(
            "提出与审批不能是同一人：请由同单位或上级的另一位同志办理。",
            "Whoever filed it may not decide it: ask another colleague or the superior body.",
        ),
    ),
    "guard": (_R, Text("{zh}", "{en}")),
    "agenda_empty": (
        _R,
        Text(
            "议程还是空的：没有待议的案件，也没有人提出议题。请先提出议题，或取消会议。",
            "The agenda is empty: no file needs talking over and nobody proposed a topic. Propose one, or cancel the meeting.",
        ),
    ),
    "meeting_day_taken": (
        _R,
        Text(
            "成员单位{day}已有另一次联席会议，请另选一天。",
            "The members sit at another joint meeting on {day}; choose another day.",
        ),
    ),
    "meeting_not_member": (
        Family.NOT_YOURS,
        Text(
            "这一步由会议所在地的成员单位办理。",
            "This step belongs to the members of the place whose meeting it is.",
        ),
    ),
    "term_not_running": (
        _R,
        Text(
            "“{zh}”没有在计算，或者已经届满，不能延长。",
            "“{en}” does not run, or is over already; it cannot be extended.",
        ),
    ),
    "evidence_missing": (
        _R,
        Text("还缺材料：{zh}。请先上传，再提交。", "Missing evidence: {en}. Upload it first, then submit."),
    ),
    "evidence_unknown": (
        _B,
        Text(
            "找不到材料编号{id}，或不属于本单位可用的材料。",
            "Document {id} is not on file, or not one your body may use.",
        ),
    ),
    "revision_stale": (
        Family.STALE,
        Text(
            "这件事刚刚被别人办理过，请刷新后再看。", "Someone else has just acted on this; look at it again."
        ),
    ),
    "field_missing": (_B, Text("请填写“{zh}”。", "Please fill in “{en}”.")),
    "field_unknown": (
        _B,
        Text(
            "没有名为“{name}”的栏目，请改正名称或删去。",
            "There is no field named “{name}”; mend the name or leave it out.",
        ),
    ),
    "field_type": (_B, Text("“{zh}”应填{want_zh}。", "“{en}” must be {want_en}.")),
    "field_range": (_B, Text("“{zh}”应在{low}到{high}之间。", "“{en}” must lie between {low} and {high}.")),
    "field_length": (_B, Text("“{zh}”最多{high}个字。", "“{en}” may have at most {high} characters.")),
    "field_choice": (_B, Text("“{zh}”只能选：{choices}。", "“{en}” must be one of: {choices}.")),
    "field_date": (
        _B,
        Text("“{zh}”的日期应在{low}至{high}之间。", "The date of “{en}” must lie between {low} and {high}."),
    ),
    "field_text": (
        _B,
        Text(
            "“{zh}”含有不能使用的字符（控制字符或方向控制符），请重新输入。",
            "“{en}” holds characters that may not be used (control or direction marks); type it again.",
        ),
    ),
    "field_number": (
        _B,
        Text(
            "“{zh}”里有身份证号或手机号：本系统不收集，请删去后再提交。",
            "“{en}” holds an identity card or mobile number: this system keeps none, so leave it out.",
        ),
    ),
}
