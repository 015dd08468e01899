"""Every fault the house can tell a person: a stable code, a family, and one sentence in two languages.

Nothing here knows HTTP; `api/problems.py` turns a family into a status once.
"""

from enum import StrEnum

from workflows.words import Text


class Family(StrEnum):
    """What the person who meets the fault can do about it."""

    BAD_INPUT = "bad_input"  # send it again, mended
    REFUSED = "refused"  # the law says no, and why
    STALE = "stale"  # somebody was faster: look again
    CONFLICT = "conflict"  # contradicts what is on file
    UNAUTHENTICATED = "unauthenticated"  # sign in
    NOT_YOURS = "not_yours"  # another body must do it
    NOT_FOUND = "not_found"
    TOO_LARGE = "too_large"
    UNSUPPORTED = "unsupported"
    TOO_MANY = "too_many"
    UNAVAILABLE = "unavailable"  # try later; nothing was lost
    BROKEN = "broken"  # our fault


_B, _R = Family.BAD_INPUT, Family.REFUSED

CATALOGUE: dict[str, tuple[Family, Text]] = {
    # -- what the law refuses -------------------------------------------------------------------
    "step_unknown": (
        Family.NOT_FOUND,
        Text("这个程序没有“{step}”这一步。", "This procedure has no step named “{step}”."),
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
    "field_unknown": (_B, Text("没有名为“{name}”的栏目。", "There is no field named “{name}”.")),
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
    # -- events in ------------------------------------------------------------------------------
    "body_empty": (_B, Text("请求没有内容。", "The request has no body.")),
    "json_bad": (
        _B,
        Text(
            "不是合法的JSON：第{line}行第{column}列附近有误。",
            "Not valid JSON: look near line {line}, column {column}.",
        ),
    ),
    "json_duplicate_key": (
        _B,
        Text("JSON里“{name}”出现了两次，请只保留一个。", "The JSON names “{name}” twice; keep one."),
    ),
    "json_depth": (
        _B,
        Text("JSON嵌套太深（最多{limit}层）。", "The JSON is nested too deeply (at most {limit} levels)."),
    ),
    "json_number": (
        _B,
        Text(
            "JSON里有不能表示的数字（NaN或Infinity）。",
            "The JSON holds a number that cannot be kept (NaN or Infinity).",
        ),
    ),
    "encoding_bad": (
        _B,
        Text("内容不是UTF-8编码，请转换后重发。", "The content is not UTF-8; convert it and send again."),
    ),
    "envelope_missing": (_B, Text("事件缺少“{name}”。", "The event lacks “{name}”.")),
    "envelope_bad": (_B, Text("事件的“{name}”不合要求：{zh}", "The event's “{name}” is not right: {en}")),
    "type_unknown": (
        _B,
        Text(
            "不认识的事件类型，请使用 gongjian.registry.enterprise.*.v1。",
            "Unknown event type; use gongjian.registry.enterprise.*.v1.",
        ),
    ),
    "event_id_conflict": (
        Family.CONFLICT,
        Text(
            "同一来源、同一编号的事件已收到过，但内容不同；原件未变。如需更正，请用新编号发送变更事件。",
            "An event with this source and id is on file with other content; the original stands. To correct it, send a changed event under a new id.",
        ),
    ),
    "emitter_not_office": (
        Family.NOT_YOURS,
        Text(
            "来源“{source}”不是您的登记机关，不能代它发送。",
            "Source “{source}” is not your office; you cannot speak for it.",
        ),
    ),
    "outside_jurisdiction": (
        Family.NOT_YOURS,
        Text(
            "该企业（区划{division}）不在贵机关辖区内。",
            "The enterprise (division {division}) lies outside your office's jurisdiction.",
        ),
    ),
    "source_unknown": (
        _B,
        Text(
            "来源“{source}”不是已登记的登记机关；应写作 /registry/区划代码。",
            "Source “{source}” is not a known office; write /registry/ and its division code.",
        ),
    ),
    "uscc_bad": (
        _B,
        Text("统一社会信用代码不正确：{zh}", "The unified social credit code is not right: {en}"),
    ),
    "uscc_missing": (_B, Text("缺少统一社会信用代码。", "The unified social credit code is missing.")),
    "division_unknown": (_B, Text("区划代码“{division}”不存在。", "There is no division “{division}”.")),
    "date_bad": (
        _B,
        Text(
            "“{name}”应为存在的日期，写作 2019-01-02。", "“{name}” must be a real date, written 2019-01-02."
        ),
    ),
    "date_future": (_B, Text("“{name}”晚于今天，请核对年份。", "“{name}” lies after today; check the year.")),
    "value_bad": (_B, Text("“{name}”不合要求：{zh}", "“{name}” is not right: {en}")),
    "case_unknown": (
        Family.NOT_FOUND,
        Text(
            "还没有这家企业的案卷，事件已留存，等登记事件到达后办理。",
            "There is no file for this enterprise yet; the event is kept and applied once the registration arrives.",
        ),
    ),
    # -- lists ----------------------------------------------------------------------------------
    "list_unreadable": (
        _B,
        Text(
            "这不是可读的表格文件（CSV 或 XLSX），请另存后再导入。",
            "This is not a readable table (CSV or XLSX); save it again and import it.",
        ),
    ),
    "list_encoding": (
        _B,
        Text(
            "文件既不是UTF-8也不是GB18030编码（第{line}行附近），请另存为UTF-8。",
            "The file is neither UTF-8 nor GB18030 (near line {line}); save it as UTF-8.",
        ),
    ),
    "list_columns": (_B, Text("表头缺少：{names}。", "The header lacks: {names}.")),
    "list_empty": (_B, Text("表格里没有数据行。", "The table has no data rows.")),
    "row_columns": (
        _B,
        Text(
            "这一行有{found}列，表头有{expected}列：可能是逗号或引号写错。",
            "This row has {found} columns where the header has {expected}: look for a stray comma or quotation mark.",
        ),
    ),
    # -- counter --------------------------------------------------------------------------------
    "signed_out": (Family.UNAUTHENTICATED, Text("请先登录。", "Please sign in.")),
    "credentials": (
        Family.UNAUTHENTICATED,
        Text("账号或密码不对。", "The account or the password is wrong."),
    ),
    "locked_out": (
        Family.TOO_MANY,
        Text(
            "密码连续输错，账号已暂时锁定，请{minutes}分钟后再试。",
            "Too many wrong passwords; the account is locked for {minutes} minutes.",
        ),
    ),
    "not_permitted": (Family.NOT_YOURS, Text("您的岗位不能办理此事。", "Your post does not permit this.")),
    "not_found": (
        Family.NOT_FOUND,
        Text(
            "没有这一项，或不在您的辖区内。", "There is no such thing, or it lies outside your jurisdiction."
        ),
    ),
    "too_large": (
        Family.TOO_LARGE,
        Text("内容超过{limit}，请分批发送。", "The content is larger than {limit}; send it in parts."),
    ),
    "media_type": (
        Family.UNSUPPORTED,
        Text("不支持的内容类型，请使用 {want}。", "Unsupported content type; use {want}."),
    ),
    "method": (_B, Text("此地址不支持这种请求方法。", "This address does not take that method.")),
    "parameter_bad": (_B, Text("参数“{name}”不合要求：{zh}", "Parameter “{name}” is not right: {en}")),
    "item_taken": (
        Family.CONFLICT,
        Text("这件待办已由别人签收。", "This work item has been claimed by someone else."),
    ),
    "item_done": (Family.CONFLICT, Text("这件待办已经办结。", "This work item is already done.")),
    "urged_recently": (
        Family.TOO_MANY,
        Text(
            "刚刚催办过，请{hours}小时后再催。",
            "It was urged a short while ago; urge again in {hours} hours.",
        ),
    ),
    "notice_settled": (
        Family.CONFLICT,
        Text("这份通报已经处理过。", "This notice has already been dealt with."),
    ),
    "idempotency_conflict": (
        Family.CONFLICT,
        Text("同一个幂等键已用于内容不同的请求。", "This idempotency key was used for a different request."),
    ),
    "document_kind": (
        _B,
        Text("材料种类“{kind}”不在目录中。", "“{kind}” is not a kind of document on the list."),
    ),
    "document_type": (
        Family.UNSUPPORTED,
        Text(
            "只收 PDF、图片、Word、Excel、OFD 或纯文本文件，且内容须与扩展名相符。",
            "Only PDF, image, Word, Excel, OFD or plain text files, and the content must match the name.",
        ),
    ),
    "document_secret": (
        _R,
        Text(
            "标有密级的材料不得上传到本系统。", "Documents marked secret may not be uploaded to this system."
        ),
    ),
    "account_exists": (Family.CONFLICT, Text("账号“{name}”已存在。", "Account “{name}” exists already.")),
    "account_unknown": (Family.NOT_FOUND, Text("没有账号“{name}”。", "There is no account “{name}”.")),
    "body_exists": (Family.CONFLICT, Text("单位“{code}”已存在。", "Body “{code}” exists already.")),
    "body_unknown": (Family.NOT_FOUND, Text("没有单位“{code}”。", "There is no body “{code}”.")),
    "body_kind": (_B, Text("单位类别只能是：{kinds}。", "A body's kind must be one of: {kinds}.")),
    "password_weak": (
        _B,
        Text(
            "密码至少12位，且不能是常见密码或账号本身。",
            "A password needs at least 12 characters and may not be a common one or the account's name.",
        ),
    ),
    "procedure_unknown": (
        Family.NOT_FOUND,
        Text("没有名为“{name}”的程序。", "There is no procedure named “{name}”."),
    ),
    "calendar_bad": (_B, Text("日历文件不合要求：{zh}", "The calendar file is not right: {en}")),
    "busy": (
        Family.UNAVAILABLE,
        Text(
            "系统正忙，什么都没有改变，请稍后再试。",
            "The service is busy; nothing was changed. Try again shortly.",
        ),
    ),
    "database_down": (
        Family.UNAVAILABLE,
        Text(
            "数据库暂时连不上，什么都没有改变，请稍后再试。",
            "The database cannot be reached; nothing was changed. Try again shortly.",
        ),
    ),
    "crashed": (
        Family.BROKEN,
        Text(
            "处理时三次中断，已隔离，请管理员查看。",
            "It broke off three times and was set aside; an administrator must look at it.",
        ),
    ),
    "broken": (
        Family.BROKEN,
        Text(
            "系统内部出错，什么都没有改变。请把编号报给管理员。",
            "Something broke inside; nothing was changed. Give the number to your administrator.",
        ),
    ),
}


class Fault(Exception):
    """A fault that a person can act on: `code` from the catalogue, `text` in two languages, perhaps the field."""

    def __init__(self, code: str, /, *, field: str | None = None, **values: object) -> None:
        self.code = code
        self.family, template = CATALOGUE[code]
        self.text = template.filled(**values) if values else template
        self.field = field
        super().__init__(f"{code}: {self.text.en}")


class Refused(Fault):
    """The law refuses a step; `text` says why."""


class LawError(Exception):
    """A procedure is written wrongly. Raised when it is built, never at the counter."""
