"""What is wrong with an event or its envelope."""

from workflows.catalogue.family import Family
from workflows.words import Text

_B = Family.BAD_INPUT

EVENTS: dict[str, tuple[Family, Text]] = {
    "body_empty": (
        _B,
        Text("请求没有内容，请填写后重发。", "The request has no body; fill it in and send it again."),
    ),
    "body_unasked": (
        _B,
        Text("这项操作不带内容，请去掉请求体。", "This takes no content; leave the request's body out."),
    ),
    "json_bom": (
        _B,
        Text(
            "JSON开头有BOM标记，请另存为不带BOM的UTF-8。",
            "The JSON begins with a byte order mark; save it as UTF-8 without one.",
        ),
    ),
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
    "envelope_missing": (
        _B,
        Text("缺少“{name}”，请补上后重发。", "“{name}” is missing; add it and send again."),
    ),
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
    "uscc_missing": (
        _B,
        Text(
            "缺少统一社会信用代码，请补上18位代码。",
            "The unified social credit code is missing; add its 18 characters.",
        ),
    ),
    "division_unknown": (
        _B,
        Text(
            "区划代码“{division}”不存在，请核对（6位、9位或12位数字）。",
            "There is no division “{division}”; check the code (6, 9 or 12 digits).",
        ),
    ),
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
}
