"""What is wrong with the ledger, a proof, a witness or what it signed."""

from workflows.catalogue.family import Family
from workflows.words import Text

_B, _C, _R = Family.BAD_INPUT, Family.CONFLICT, Family.REFUSED

LEDGER: dict[str, tuple[Family, Text]] = {
    "ledger_empty": (
        _C,
        Text("存证账本还没有条目，请稍后再试。", "The ledger has no entry yet; try again soon."),
    ),
    "ledger_shrunk": (
        _C,
        Text(
            "您已见过{known}条，账本现在却只有{size}条：账本被截断，或换成了旧备份。请保留您手中的检查点，立即报告。",
            "You have seen {known} entries and the ledger has {size} now: it was cut, or an old backup was put in its place. Keep your checkpoint and report it at once.",
        ),
    ),
    "ledger_key_bad": (
        _B,
        Text(
            "公钥不完整或写错：应为“名称+编号+密钥”一整行，请从对方的说明里完整复制。",
            "The public key is incomplete or wrong: it is one line of name+id+key; copy the whole of it.",
        ),
    ),
    "ledger_note_bad": (
        _B,
        Text(
            "检查点或签名读不出来：应为文本，先是检查点，空一行，再是以“— ”开头的签名行。",
            "The checkpoint or signature cannot be read: it is text, the checkpoint, an empty line, then lines that begin with “— ”.",
        ),
    ),
    "ledger_request_bad": (
        _B,
        Text(
            "见证请求读不出来：第一行应为“old 条数”，接着是证明，空一行，再是检查点。请重新导出。",
            "The request cannot be read: it begins with “old” and a number, then the proof, an empty line, and the checkpoint. Export it again.",
        ),
    ),
    "cosignature_bad": (
        _B,
        Text(
            "“{name}”的签名不是登记在册的见证人为这一检查点所签：请核对密钥和检查点。",
            "The signature of “{name}” is not one that a registered witness made under this checkpoint: check the key and the checkpoint.",
        ),
    ),
    "cosignature_ahead": (
        _B,
        Text(
            "签名时间在将来：请校准见证人的时钟后重签。",
            "The signature is of a time to come: set the witness's clock and sign again.",
        ),
    ),
    "ground_unknown": (
        _B,
        Text(
            "请写明法定的删除理由，只能是：{grounds}。",
            "Name the ground of law for which it is erased: one of {grounds}.",
        ),
    ),
    "bundle_bad": (
        _B,
        Text(
            "这不是完整的存证包：文件损坏，或不是由 gongjian ledger export 导出。",
            "This is no whole bundle: the file is damaged, or gongjian ledger export did not make it.",
        ),
    ),
    "witness_known": (_C, Text("这把公钥已经登记。", "This key is registered already.")),
    "witness_exists": (
        _C,
        Text(
            "文件夹“{folder}”里已有见证人密钥，不会覆盖：请换一个文件夹。",
            "The folder “{folder}” holds a witness's key already, which is not written over: choose another.",
        ),
    ),
    "witness_absent": (
        _B,
        Text(
            "文件夹“{folder}”里没有见证人：请先用 gongjian witness create 建立。",
            "There is no witness in the folder “{folder}”: make one by gongjian witness create.",
        ),
    ),
    "witness_foreign": (
        _R,
        Text(
            "拒绝签名：这个检查点不是账本“{log}”签发的。",
            "Refused: this checkpoint was not signed by the log “{log}”.",
        ),
    ),
    "witness_behind": (
        _C,
        Text(
            "请求从第{old}条接起，而本见证人已签到第{known}条：请按{known}重新导出。",
            "The request begins at {old} entries, and this witness has signed for {known}: export it again for {known}.",
        ),
    ),
    "witness_shrunk": (
        _R,
        Text(
            "拒绝签名：本见证人已签到第{known}条，账本现在只有{size}条。账本被截断，或换成了旧备份，请立即报告。",
            "Refused: this witness has signed for {known} entries and the ledger has {size} now. It was cut, or an old backup was put in its place; report it at once.",
        ),
    ),
    "witness_forked": (
        _R,
        Text(
            "拒绝签名：账本的前{known}条与本见证人签过的不是同一份。历史被改写，请立即报告。",
            "Refused: the first {known} entries are not those that this witness signed. The past was rewritten; report it at once.",
        ),
    ),
}
