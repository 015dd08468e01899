"""The journal: who did what, when, from where and with what result, for whatever leaves no line in a case's history.

A deed is written down in the transaction that does it, a refusal in one of its own. What cannot be written down is not done.
"""

from typing import Any

from sqlalchemy import insert
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from services.access.permissions import RIGHTS
from services.actor import Actor
from services.clock import wire
from services.db.again import in_the_way
from services.db.models.access import Journal
from services.db.models.ledger import Unsealed
from services.ledger.layout import deed_hash
from services.runtime import Runtime, Unit
from workflows.errors import Fault
from workflows.events import Scalar, canonical
from workflows.words import Text

DONE, REFUSED = "done", "refused"

#: What may be written down as done. A refusal is written under the right that was asked for.
DEEDS: dict[str, Text] = {
    "account.bind": Text("绑定单点登录身份", "identity at the single sign-on bound"),
    "account.create": Text("新建账号", "account made"),
    "account.disable": Text("停用账号", "account closed"),
    "account.enrolment": Text("领取验证器密钥", "authenticator's secret shown"),
    "account.password": Text("更换密码", "password changed"),
    "account.password_reset": Text("发给临时密码", "password issued that must be replaced"),
    "account.second_factor": Text("启用第二因素", "second factor taken into use"),
    "account.second_factor_off": Text("取消第二因素", "second factor taken off"),
    "account.sign_out": Text("终止全部登录", "every sign-in of an account ended"),
    "account.token": Text("发给令牌", "token issued"),
    "account.unbind": Text("解除单点登录身份", "identity at the single sign-on unbound"),
    "body.create": Text("新建单位", "body made"),
    "calendar.subscribe": Text("订阅日历", "calendar subscribed to"),
    "body.mark": Text("设置机关代字", "agency mark set"),
    "calendar.import": Text("导入放假安排", "calendar imported"),
    "channel.add": Text("新增通知渠道", "channel added"),
    "channel.drop": Text("放弃一条渠道消息", "message of a channel let be"),
    "channel.off": Text("停用通知渠道", "channel switched off"),
    "channel.on": Text("启用通知渠道", "channel switched on"),
    "channel.retry": Text("重发一条渠道消息", "message of a channel sent again"),
    "channel.test": Text("试发通知渠道", "channel tried"),
    "document.upload": Text("上传材料", "document uploaded"),
    "key.add": Text("新增签名密钥", "signing key added"),
    "key.retire": Text("停用签名密钥", "signing key retired"),
    "ledger.export": Text("导出存证包", "bundle of the ledger exported"),
    "letter.drop": Text("不再处理未收下的消息", "refused message dropped"),
    "letter.send": Text("重新投递未收下的消息", "refused message sent again"),
    "list.drop": Text("放弃名单", "list dropped"),
    "list.export": Text("导出清单", "list exported"),
    "list.import": Text("导入名单", "list imported"),
    "list.upload": Text("上传名单", "list brought"),
    "names.erase": Text("依法删除个人信息", "what was said about a person erased by law"),
    "names.read": Text("查看姓名", "names seen"),
    "notice.acknowledge": Text("签收通报", "notice acknowledged"),
    "paper.answered": Text("企业回应通知书", "notice answered by the enterprise"),
    "paper.change": Text("修改公文草稿", "draft of a paper changed"),
    "paper.draft": Text("拟写公文", "paper drafted"),
    "paper.drop": Text("放弃公文草稿", "draft of a paper dropped"),
    "paper.issue": Text("签发公文", "paper issued"),
    "paper.withdraw": Text("撤回公文", "paper withdrawn"),
    "quarantine.retry": Text("重办已隔离的记录", "row tried again that was set aside"),
    "sign_in": Text("登录", "sign-in"),
    "sign_in.half": Text("登录第一步通过", "first step of a sign-in passed"),
    "sign_out": Text("退出", "sign-out"),
    "substitute.appoint": Text("委托同事代理", "colleague appointed to stand in"),
    "substitute.end": Text("结束代理", "standing in ended"),
    "template.bring": Text("更换公文模板", "template of papers brought"),
    "template.retire": Text("恢复通用公文模板", "the house's template taken again"),
    "triage.place": Text("确定属地", "enterprise placed"),
    "witness.add": Text("登记见证人", "witness registered"),
    "witness.drop": Text("停用见证人", "witness dismissed"),
    "witness.signed": Text("递交见证签名", "witness's signature handed in"),
    "work_item.claim": Text("签收待办", "work item claimed"),
    "work_item.reassign": Text("转办", "work item passed on"),
    "work_item.release": Text("退回待办", "work item given back"),
    "work_item.urge": Text("催办", "work item urged"),
}

#: Every word that a line may stand under.
WORDS: dict[str, Text] = {name: right.label for name, right in RIGHTS.items()} | DEEDS

_LONGEST_ABOUT = 120


def write(
    unit: Unit,
    what: str,
    about: str = "",
    *,
    by: Actor | None = None,
    division: str | None = None,
    result: str = DONE,
    **detail: Scalar,
) -> None:
    """The line stands if the unit commits. It belongs where `division` lies: else where the doer's body does.

    `by` is whose deed it is, where that is not the unit's own actor. Fault: `journal_down`, and nothing is done.
    """
    if what not in WORDS:
        raise ValueError(f"the journal has no word for {what!r}")
    doer = by or unit.actor
    line: dict[str, Any] = {  # Any: plain values of the columns
        "at": unit.now,
        "account_id": doer.account_id,
        "body_id": doer.body_id,
        "actor": doer.name,
        "address": doer.address[:45],
        "division": doer.division if division is None else division,
        "what": what,
        "about": about[:_LONGEST_ABOUT],
        "result": result,
        "detail": detail | ({"os_user": doer.os_user} if doer.os_user else {}),
    }
    line |= _hashed(line, unit.runtime.settings.hash_algorithm)
    try:
        # Behind the wall nobody writes; but he who is refused something leaves a line, too.
        with unit.as_office():
            key = unit.db.execute(insert(Journal).values(line).returning(Journal.id)).scalar_one()
            unit.db.execute(insert(Unsealed).inline(), [{"journal_id": key}])
    except DBAPIError as error:
        if in_the_way(error):
            raise  # the whole unit may yet go through
        raise Fault("journal_down") from error


def _hashed(line: dict[str, Any], algorithm: str) -> dict[str, Any]:
    """What makes the line an entry of the ledger: hash = H(0x00 ‖ "gj-jour-v1" ‖ canonical JSON). `Any`: values of columns."""
    said = {"v": 1, "at": wire(line["at"])} | {
        name: line[name] for name in ("actor", "address", "division", "what", "about", "result", "detail")
    }
    canon = canonical(said | {"account": line["account_id"], "body": line["body_id"]})
    return {"algorithm": algorithm, "canon": canon, "hash": deed_hash(canon, algorithm)}


def write_refusal(runtime: Runtime, actor: Actor, right: str, about: str, code: str) -> None:
    """It stands in the journal that the actor asked for this right and was refused, committed when this returns."""
    try:
        with runtime.writing(actor) as unit:
            write(unit, right, about, result=REFUSED, code=code)
    except SQLAlchemyError as error:  # no transaction could be begun, or none committed
        raise Fault("journal_down") from error
