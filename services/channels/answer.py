"""How a try at sending ended, and what that means in plain words."""

from dataclasses import dataclass

from workflows.words import Text

DELIVERED, UNKNOWN = "delivered", "unknown"

OUTCOMES: dict[str, Text] = {
    DELIVERED: Text("对方已收下。", "The other side took it."),
    UNKNOWN: Text(
        "发送中途中断，不知是否送到；会以同一编号再发。",
        "It broke off in the middle; whether it arrived is not known. It goes again under the same id.",
    ),
    "rejected": Text(
        "对方收到了但拒绝（代码{code}）：请核对地址、密钥和机器人的安全设置。",
        "The other side heard it and refused (code {code}): check the address, the secret and the robot's security settings.",
    ),
    "status": Text(
        "对方服务器答复错误（{code}）：请核对地址，或请对方检查其服务。",
        "The server answered with an error ({code}): check the address, or ask the other side to look at its service.",
    ),
    "too_fast": Text(
        "对方嫌发得太快（代码{code}），稍后自动再发。",
        "The other side wants it slower (code {code}); it goes again by itself later.",
    ),
    "redirect": Text(
        "对方要求转到别的地址（{code}），为安全起见不跟随：请填写最终地址。",
        "The server points elsewhere ({code}), which is not followed: enter the final address.",
    ),
    "slow": Text(
        "对方在限定时间内没有答复：请检查网络和对方服务。",
        "No answer came within the time limit: check the line and the other side's service.",
    ),
    "unreachable": Text(
        "连不上对方服务器：请检查地址、端口和网络。",
        "The server cannot be reached: check address, port and network.",
    ),
    "cut": Text(
        "连接中途断开，不知是否送到；会以同一编号再发。",
        "The line broke off; whether it arrived is not known. It goes again under the same id.",
    ),
    "unnamed": Text("找不到这个主机名：请核对地址。", "There is no host of that name: check the address."),
    "not_allowed": Text(
        "主机不在允许清单内，或位于不允许访问的网段，没有发送：请系统管理员核对 GONGJIAN_CHANNELS__HOSTS 和 GONGJIAN_CHANNELS__INSIDE。",
        "The host is not listed, or lies in a network that may not be spoken to, and nothing was sent: see GONGJIAN_CHANNELS__HOSTS and GONGJIAN_CHANNELS__INSIDE.",
    ),
    "untrusted": Text(
        "对方证书不可信，没有发送：请对方更换证书。",
        "The server's certificate is not trusted and nothing was sent: have it replaced.",
    ),
    "unreadable": Text(
        "对方的答复看不懂，不能算送到：请核对地址是否为该类机器人。",
        "The answer cannot be read, so it does not count as delivered: check that the address is of this kind of robot.",
    ),
    "unset": Text(
        "本系统还没有设置发送这类消息的服务器：请系统管理员设置。",
        "No server for this kind of message is set up here: have it set up.",
    ),
    "sealed": Text(
        "打不开这条渠道的地址和密钥（封存密钥已换）：请停用后重新新增。",
        "The address and secret of this channel cannot be opened (the sealing key was changed): switch it off and add it again.",
    ),
    "broken": Text(
        "本系统发送时出错（{code}），已记入日志。",
        "An error of this service while sending ({code}); it is in the log.",
    ),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """`outcome` is one of OUTCOMES, `code` what the other side called it. `final`: asking again changes nothing. `after`: seconds for
    which the other side wants to be left alone."""

    outcome: str
    code: str = ""
    final: bool = False
    after: int | None = None

    @property
    def is_delivered(self) -> bool:
        return self.outcome == DELIVERED


class Failed(Exception):
    """It was not delivered; `answer` says why."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.outcome)
        self.answer = answer


def in_words(outcome: str, code: str = "") -> Text:
    """What a person reads of it."""
    return OUTCOMES[outcome].filled(code=code or "—")
