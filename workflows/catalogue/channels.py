"""What is wrong with a channel by which a body is to be told."""

from workflows.catalogue.family import Family
from workflows.words import Text

_B, _C = Family.BAD_INPUT, Family.CONFLICT

CHANNELS: dict[str, tuple[Family, Text]] = {
    "channel_kind": (_B, Text("请选择渠道种类。", "Choose the kind of channel.")),
    "channel_address": (
        _B,
        Text(
            "地址不完整或写错：应为 https:// 开头的完整地址，不含空格、账号和密码。",
            "The address is incomplete or wrong: a whole https:// address without spaces, names or passwords.",
        ),
    ),
    "channel_address_needless": (
        _B,
        Text(
            "站内消息不用填写地址，请留空。", "Messages inside these pages need no address; leave it empty."
        ),
    ),
    "channel_host": (
        _B,
        Text(
            "主机“{host}”不在允许清单内：请系统管理员加入 GONGJIAN_CHANNELS__HOSTS 后再试。",
            "The host “{host}” is not on the allow-list: have it added to GONGJIAN_CHANNELS__HOSTS and try again.",
        ),
    ),
    "channel_plain": (
        _B,
        Text(
            "地址必须以 https:// 开头，消息不能明文传送。",
            "The address must begin with https://; no message goes in the clear.",
        ),
    ),
    "channel_robot_address": (
        _B,
        Text(
            "这不像该类机器人的地址：其中应有“{name}”，请从群机器人的设置里完整复制。",
            "This does not look like the address of such a robot: it should hold “{name}”. Copy it whole from the robot's settings.",
        ),
    ),
    "channel_secret_missing": (
        _B,
        Text(
            "请填写机器人安全设置里的加签密钥。",
            "Enter the signing secret from the robot's security settings.",
        ),
    ),
    "channel_secret_needless": (
        _B,
        Text("这类渠道不用填写密钥，请留空。", "This kind of channel needs no secret; leave it empty."),
    ),
    "channel_number": (
        _B,
        Text(
            "电话号码应为8至15位数字，填写值班岗位的号码。",
            "The telephone number must have 8 to 15 digits; enter that of the post on duty.",
        ),
    ),
    "channel_mail": (
        _B,
        Text("电子邮件地址写错，请核对。", "The e-mail address is wrong; check it."),
    ),
    "channel_unset": (
        _C,
        Text(
            "本系统还没有设置发送这类消息的服务器，请系统管理员先行设置。",
            "No server for this kind of message is set up here; have it set up first.",
        ),
    ),
    "channel_hour": (
        _B,
        Text("钟点应为0至23的整数。", "An hour is a whole number from 0 to 23."),
    ),
    "channel_quiet": (
        _B,
        Text(
            "免打扰的开始和结束要么都填，要么都不填，而且不能相同。",
            "Quiet hours have a beginning and an end, both or neither, and they differ.",
        ),
    ),
    "channel_digest": (
        _B,
        Text(
            "每日汇总的钟点落在免打扰时间内，请改用别的钟点。",
            "The hour of the daily digest lies in the quiet hours; choose another.",
        ),
    ),
    "channels_full": (
        _C,
        Text(
            "该单位已有{most}条启用的渠道，请先停用一条。",
            "The body has {most} open channels; switch one off first.",
        ),
    ),
    "channel_off": (
        _C,
        Text("这条渠道已经停用，请先启用。", "This channel is switched off; switch it on first."),
    ),
    "delivery_moved": (
        Family.STALE,
        Text(
            "这条消息的状态已经变化，请刷新后再看。",
            "This message has moved on meanwhile; look at it again.",
        ),
    ),
}
