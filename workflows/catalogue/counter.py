"""What is refused at the door and at the counter, and what is out of order in the house."""

from workflows.catalogue.family import Family
from workflows.words import Text

_B, _R = Family.BAD_INPUT, Family.REFUSED

COUNTER: dict[str, tuple[Family, Text]] = {
    "signed_out": (Family.UNAUTHENTICATED, Text("请先登录。", "Please sign in.")),
    "credentials": (
        Family.UNAUTHENTICATED,
        Text(
            "账号或密码不对，请核对后再试。",
            "The account or the password is wrong; check both and try again.",
        ),
    ),
    "too_many": (
        Family.TOO_MANY,
        Text(
            "请求过于频繁，请{seconds}秒后再试；没有办理的请重发。",
            "Too many requests; try again in {seconds} s. What was not accepted must be sent again.",
        ),
    ),
    "too_slow": (
        Family.TOO_SLOW,
        Text(
            "内容迟迟没有送完，什么都没有改变，请检查网络后重发。",
            "The content did not arrive in time; nothing was changed. Check the line and send it again.",
        ),
    ),
    "locked_out": (
        Family.TOO_MANY,
        Text(
            "连续输错次数过多，已暂时锁定，请{minutes}分钟后再试。",
            "Too many wrong tries; locked for {minutes} minutes.",
        ),
    ),
    "password_wrong": (
        _R,
        Text(
            "现在的密码不对，什么都没有改变，请核对后再试。",
            "The present password is wrong and nothing was changed; check it and try again.",
        ),
    ),
    "code_needed": (
        Family.UNAUTHENTICATED,
        Text("请同时输入验证器上的六位验证码。", "Send the six digits of your authenticator as well."),
    ),
    "code_wrong": (
        Family.UNAUTHENTICATED,
        Text(
            "验证码不对，或已经用过：请输入验证器上显示的下一个六位数字。",
            "The code is wrong or has been used; enter the next six digits that your authenticator shows.",
        ),
    ),
    "code_unconfirmed": (
        _R,
        Text(
            "验证码不对，或已经用过，验证器还没有启用：请输入它显示的下一个六位数字。",
            "The code is wrong or has been used, and the authenticator is not in use yet; enter the next six digits that it shows.",
        ),
    ),
    "enrol_first": (
        Family.UNAUTHENTICATED,
        Text("请先在登录页面启用验证器。", "Sign in on the pages first and set up an authenticator there."),
    ),
    "factor_exists": (
        Family.CONFLICT,
        Text(
            "验证器已启用；如已遗失，请安全管理员取消后重设。",
            "An authenticator is in use; if it is lost, ask the security administrator to take it off.",
        ),
    ),
    "password_due": (
        Family.UNAUTHENTICATED,
        Text(
            "这是别人代设的密码，请先换成自己的。",
            "Somebody else chose this password; replace it by one of your own first.",
        ),
    ),
    "sso_off": (Family.NOT_FOUND, Text("本系统没有启用单点登录。", "Single sign-on is not in use here.")),
    "sso_refused": (
        Family.UNAUTHENTICATED,
        Text(
            "单点登录没有成功，请重新登录。",
            "The single sign-on did not succeed; sign in again.",
        ),
    ),
    "sso_unbound": (
        Family.UNAUTHENTICATED,
        Text(
            "这个身份还没有对应的账号，请联系安全管理员。",
            "No account here belongs to this identity; ask the security administrator.",
        ),
    ),
    "sso_away": (
        Family.UNAVAILABLE,
        Text(
            "单点登录服务暂时连不上，请稍后再试，或用密码登录。",
            "The single sign-on cannot be reached; try later or use your password.",
        ),
    ),
    "identity_taken": (
        Family.CONFLICT,
        Text("这个身份已属于另一个账号。", "Another account has this identity already."),
    ),
    "not_permitted": (
        Family.NOT_YOURS,
        Text(
            "您的岗位不能办理此事，如确需办理，请联系管理员。",
            "Your post does not permit this; if it should, ask your administrator.",
        ),
    ),
    "foreign_form": (
        Family.NOT_YOURS,
        Text(
            "这张表单不是从本站的页面发来的，什么都没有办：请从本站重新打开页面再试。如仍这样，请管理员检查代理：须原样传递 Host，并设置 X-Forwarded-Proto。",
            "This form did not come from a page of this site, and nothing was done: open the page here and try again. If it goes on, ask your administrator to look at the proxy: it must pass Host on and set X-Forwarded-Proto.",
        ),
    ),
    "not_found": (
        Family.NOT_FOUND,
        Text(
            "没有这一项，或不在您的辖区内，请核对编号，或从列表重新进入。",
            "There is no such thing, or it lies outside your jurisdiction; check the number, or come in by the list.",
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
    "method": (
        _B,
        Text(
            "此地址不支持这种请求方法，可用的见应答的Allow标头。",
            "This address does not take that method; the Allow header names those it takes.",
        ),
    ),
    "parameter_bad": (_B, Text("参数“{name}”不合要求：{zh}", "Parameter “{name}” is not right: {en}")),
    "item_taken": (
        Family.CONFLICT,
        Text(
            "这件待办已由别人签收，如需接手，请对方先退回。",
            "Someone else has claimed this work item; to take it over, ask for it to be released.",
        ),
    ),
    "item_done": (
        Family.CONFLICT,
        Text("这件待办已经办结，请刷新列表。", "This work item is already done; look at the list again."),
    ),
    "away_days": (
        Family.BAD_INPUT,
        Text(
            "代理的起止日期应从今天或以后开始，且止日不早于起日。",
            "Standing in begins today or later, and ends no earlier than it begins.",
        ),
    ),
    "away_long": (
        Family.BAD_INPUT,
        Text("代理最长{days}天，请分次委托。", "At most {days} days at a time; appoint again afterwards."),
    ),
    "view_name": (
        Family.BAD_INPUT,
        Text("请给筛选条件起一个名字，1至40个字。", "Give the filters a name of 1 to 40 characters."),
    ),
    "views_full": (
        Family.REFUSED,
        Text(
            "最多保存{most}组筛选条件，请先删去不用的。",
            "At most {most} filters can be kept; remove one that is not used.",
        ),
    ),
    "nothing_chosen": (
        Family.BAD_INPUT,
        Text("没有选中任何事项，请先勾选。", "No item was chosen; tick at least one first."),
    ),
    "urged_recently": (
        Family.TOO_MANY,
        Text(
            "刚刚催办过，请{hours}小时后再催。",
            "It was urged a short while ago; urge again in {hours} hours.",
        ),
    ),
    "notice_settled": (
        Family.CONFLICT,
        Text(
            "这份通报已经处理过，请刷新后再看。",
            "This notice has already been dealt with; look at it again.",
        ),
    ),
    "destination_unlisted": (
        Family.REFUSED,
        Text(
            "迁入地{division}没有接收案卷的总工会，请改为登记“移交到系统以外”。",
            "No federation of this service can take the file in {division}; record it as handed over outside.",
        ),
    ),
    "case_exists": (
        Family.CONFLICT,
        Text(
            "该单位已有案卷，请在原案卷中办理。", "There is a file about this already; go on with that one."
        ),
    ),
    "one_a_place": (
        Family.CONFLICT,
        Text(
            "本地已有{zh}，请在原案卷中办理（撤销的可以恢复）。",
            "This place has its {en} already; go on with that file (one that was dissolved can be set up again).",
        ),
    ),
    "opening_unknown": (
        Family.NOT_FOUND,
        Text(
            "没有名为“{name}”的发起事项，请从可发起的事项中选择。",
            "Nothing called “{name}” can be begun; choose from what is offered.",
        ),
    ),
    "idempotency_conflict": (
        Family.CONFLICT,
        Text(
            "同一个幂等键已用于内容不同的请求，请换一个新的键。",
            "This idempotency key was used for a different request; take a new one.",
        ),
    ),
    "document_kind": (
        _B,
        Text(
            "材料种类“{kind}”不在目录中，请用该步骤列出的种类。",
            "“{kind}” is not a kind of document on the list; use one that the step names.",
        ),
    ),
    "document_type": (
        Family.UNSUPPORTED,
        Text(
            "只收 PDF、图片、Word、Excel、OFD 或纯文本文件，且内容须与扩展名相符。",
            "Only PDF, image, Word, Excel, OFD or plain text files, and the content must match the name.",
        ),
    ),
    "document_active": (
        Family.UNSUPPORTED,
        Text(
            "材料里有宏、脚本、嵌入文件或外部链接部件：请另存为不含这些内容的文件（或打印为PDF）后再上传。",
            "It holds macros, scripts, embedded files or parts fetched from elsewhere: save it without them, or print it to PDF.",
        ),
    ),
    "document_locked": (
        Family.UNSUPPORTED,
        Text(
            "材料设有密码或加密，无法核验：请解除后再上传。",
            "It is locked by a password or encrypted and cannot be looked at: unlock it and upload it again.",
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
            "密码须为12至256个字符，且不能是常见密码或账号本身，也不能与原来的相同。",
            "A password has 12 to 256 characters, is neither a common one nor the account's name, and not the one before.",
        ),
    ),
    "secret_key_absent": (
        Family.UNAVAILABLE,
        Text(
            "还没有密封密钥：请设置 GONGJIAN_SECRET_KEY，或先用 gongjian up 启动一次。",
            "There is no key to seal with: set GONGJIAN_SECRET_KEY, or start once with gongjian up.",
        ),
    ),
    "secret_key_other": (
        Family.UNAVAILABLE,
        Text(
            "这项秘密是用另一把密钥（{key}）密封的：请管理员把它放回 GONGJIAN_SECRET_KEY。",
            "This was sealed under another key ({key}): an administrator must put it back into GONGJIAN_SECRET_KEY.",
        ),
    ),
    "secret_key_exposed": (
        Family.UNAVAILABLE,
        Text(
            "密钥文件对他人开放，不能使用：请把它的权限改为600。",
            "The key file is open to others and is not used: make its mode 600.",
        ),
    ),
    "secret_key_given": (
        Family.CONFLICT,
        Text(
            "密封密钥写在 GONGJIAN_SECRET_KEY 里：请把新密钥放在旧密钥前面，重启后运行 gongjian secret settle。",
            "The key stands in GONGJIAN_SECRET_KEY: put a new one before it, start anew, and run gongjian secret settle.",
        ),
    ),
    "sealed_damaged": (
        Family.BROKEN,
        Text(
            "密封的内容被改动过或移到了别处，不能使用，请管理员重新设置。",
            "What was sealed has been changed or moved and is not used; an administrator must set it anew.",
        ),
    ),
    "signature_missing": (
        Family.UNAUTHENTICATED,
        Text(
            "贵机关的消息须签名：缺少 webhook-id、webhook-timestamp 或 webhook-signature。",
            "Your office's messages must be signed: webhook-id, webhook-timestamp or webhook-signature is missing.",
        ),
    ),
    "signature_time": (
        Family.UNAUTHENTICATED,
        Text(
            "签名时间与本系统相差超过5分钟，请校准时钟后重新签名。",
            "The message was signed more than 5 minutes away from our clock; set yours and sign it again.",
        ),
    ),
    "signature_bad": (
        Family.UNAUTHENTICATED,
        Text(
            "签名不符：内容被改动过，或不是用贵机关现用的密钥签的。",
            "The signature does not fit: the message was changed, or not signed with a live key of your office.",
        ),
    ),
    "signature_id": (
        Family.UNAUTHENTICATED,
        Text(
            "webhook-id 须与事件编号（id）相同。",
            "webhook-id must be the event's own id.",
        ),
    ),
    "signing_key_bad": (
        _B,
        Text(
            "密钥写法不对：共享密钥以 whsec_ 开头，Ed25519 私钥以 whsk_ 开头，公钥以 whpk_ 开头。",
            "This is not a key: a shared secret begins with whsec_, an Ed25519 private key with whsk_, a public one with whpk_.",
        ),
    ),
    "keys_full": (
        Family.CONFLICT,
        Text(
            "{office}已有{most}把现用密钥，请先停用一把。",
            "{office} has {most} live keys already; retire one first.",
        ),
    ),
    "key_unknown": (Family.NOT_FOUND, Text("没有密钥“{key}”。", "There is no key “{key}”.")),
    "key_needless": (
        _B,
        Text("{code}不报送事件，不需要密钥。", "{code} sends no events and needs no key."),
    ),
    "procedure_unknown": (
        Family.NOT_FOUND,
        Text("没有名为“{name}”的程序。", "There is no procedure named “{name}”."),
    ),
    "calendar_bad": (_B, Text("日历文件不合要求：{zh}", "The calendar file is not right: {en}")),
    "edition_bad": (_B, Text("本地政策不能采用：{zh}", "The local policies cannot be used: {en}")),
    "busy": (
        Family.UNAVAILABLE,
        Text(
            "系统正忙，什么都没有改变，请稍后再试。",
            "The service is busy; nothing was changed. Try again shortly.",
        ),
    ),
    "journal_down": (
        Family.UNAVAILABLE,
        Text(
            "操作日志暂时写不进去，所以什么都没有办，请稍后再试。",
            "The journal cannot be written, so nothing was done. Try again shortly.",
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
