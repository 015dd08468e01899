"""What the keys and words of the editions are called, for people: one label for every key of the national edition, and one for every
word that a place may choose."""

import re

from workflows.policies.bands import Bands
from workflows.policies.model import Value
from workflows.spans import Span
from workflows.words import Text

#: The first part of a key, and what it is about.
GROUPS: dict[str, Text] = {
    "formation": Text("先后顺序", "Order of things"),
    "intake": Text("受理范围", "What is taken up"),
    "lead": Text("建会线索", "Leads"),
    "notice": Text("建会通知书", "Notice to found a union"),
    "transfer": Text("移送", "Transfer"),
    "restructuring": Text("改制", "Restructuring"),
    "union": Text("工会筹建", "Formation of a union"),
    "joint_union": Text("联合工会", "Joint union"),
    "federation": Text("工会联合会", "Union federation"),
    "legal": Text("工会法人资格", "The union as a legal person"),
    "party": Text("党组织组建", "Formation of a Party organisation"),
    "liaison": Text("党建联络员", "Party liaison"),
    "notification": Text("双向通报", "Notices between the two sides"),
    "term": Text("届期与换届", "Terms of office and re-election"),
    "vacancy": Text("补选", "By-election"),
    "training": Text("培训", "Training"),
    "meeting": Text("联席会议", "Joint meetings"),
    "leading": Text("领导小组", "Leading group"),
    "request": Text("工会来文", "Requests of a union"),
    "campaign": Text("集中行动", "Campaigns"),
    "figures": Text("数据核对", "Figures in question"),
    "assess": Text("考核评价", "Assessment"),
    "extension": Text("延期", "Extension"),
    "audit": Text("审计提示", "What an auditor is told of"),
}

LABELS: dict[str, Text] = {
    "assess.period": Text("考核周期", "How often it is assessed"),
    "audit.backdated_days": Text("日期早于录入多少天即提示", "Told of days entered so many days later"),
    "audit.hours_from": Text("几点以前办理即提示", "Told of what was done before this hour"),
    "audit.hours_until": Text("几点以后办理即提示", "Told of what was done from this hour on"),
    "audit.row_length": Text("连续审批多少件即提示", "Told of so many approvals in a row"),
    "audit.row_seconds": Text("连续审批的间隔（秒）", "Apart by no more than so many seconds"),
    "campaign.explain": Text("集中行动结果异常，说明期限", "To explain a campaign's odd result"),
    "campaign.idle": Text("多久没有活动视为空转", "Without activity for so long, a union is idle"),
    "campaign.length": Text("集中行动的长度", "Length of a campaign"),
    "campaign.mass_founding": Text(
        "同一天成立多少家即提示核对", "So many founded on one day are looked at again"
    ),
    "extension.max_days": Text("一次延期最多（日）", "Longest extension (days)"),
    "federation.min_unions": Text("成立联合会至少要有的工会数", "Fewest unions for a federation"),
    "federation.review": Text("联合会复核期限", "Review of a federation"),
    "figures.explain": Text("数据有疑问，说明期限", "To explain figures in question"),
    "formation.order": Text("工会和党组织先建哪个", "Which is formed first"),
    "intake.categories": Text("受理的信用代码类别", "Categories of credit code taken up"),
    "joint_union.min_units": Text("联合工会至少要有的单位数", "Fewest units for a joint union"),
    "joint_union.review": Text("联合工会复核期限", "Review of a joint union"),
    "lead.acknowledge": Text("签收线索的期限", "To acknowledge a lead"),
    "lead.contact": Text("联系企业的期限", "To contact the enterprise"),
    "lead.max_attempts": Text("最多联系次数", "Most attempts to make contact"),
    "lead.referral": Text("转请协助的期限", "To refer a lead"),
    "lead.revisit": Text("再次走访的间隔", "To visit again after"),
    "lead.second_notice": Text("第二次通知的期限", "To give a second notice"),
    "lead.signal_max": Text("预建信息最多保留", "A pre-notice is kept at most"),
    "leading.group.template": Text("领导小组名单用哪个样式", "Pattern of the leading group"),
    "legal.apply": Text("申请法人资格登记的期限", "To apply as a legal person"),
    "legal.certificate": Text("法人证书有效期", "The certificate holds for"),
    "legal.change": Text("变更登记的期限", "To register a change"),
    "legal.examine": Text("审查法人登记的期限", "To examine the application"),
    "legal.renew_window": Text("证书到期前多久换证", "To renew before it ends"),
    "liaison.appoint": Text("选派联络员的期限", "To appoint a liaison"),
    "liaison.max_enterprises": Text("一名联络员最多联系的企业数（0为不限）", "Most enterprises of a liaison (0: no limit)"),
    "liaison.own_allowed": Text("可否由本企业党员任联络员", "May a member in the enterprise be its liaison"),
    "liaison.term": Text("联络员任期", "A liaison's term"),
    "liaison.visit_interval": Text("联络员走访间隔", "A liaison visits every"),
    "meeting.call": Text("提前多久通知开会", "To call a meeting ahead of its day"),
    "meeting.interval.district": Text("县区联席会议间隔", "Joint meetings of a district every"),
    "meeting.minutes": Text("印发会议纪要的期限", "To issue the minutes"),
    "meeting.month": Text("联席会议在季度的第几个月", "Month of the quarter in which the meeting falls"),
    "meeting.resolution_max": Text("议定事项最长时限", "Longest time for a matter decided"),
    "meeting.topics": Text("会前多久征集议题", "To ask for topics ahead of the meeting"),
    "meeting.week": Text("联席会议在当月第几个该星期几", "Which one of that weekday in the month"),
    "meeting.weekday": Text("联席会议在星期几（1为星期一）", "Weekday of the meeting (1: Monday)"),
    "notice.instrument": Text("送达文书的名称", "Name of the written notice"),
    "notice.period": Text("建会通知书的期限", "Period of the notice"),
    "notification.acknowledge": Text("签收通报的期限", "To acknowledge a notice"),
    "notification.answer": Text("答复通报的期限", "To answer a notice"),
    "notification.chases": Text("催办几次后上报", "Urged so often before it goes up"),
    "notification.result": Text("反馈结果的期限", "To report the result"),
    "notification.send": Text("发出通报的期限", "To send a notice"),
    "party.approve_branch": Text("审批党支部的期限", "To decide on a branch"),
    "party.branch.min": Text("成立党支部至少要有的正式党员数", "Fewest full members for a branch"),
    "party.committee.min": Text("设支部委员会至少要有的正式党员数", "Fewest full members for a branch committee"),
    "party.committee.posts_max": Text("支部委员最多人数", "Most members of a branch committee"),
    "party.committee.posts_min": Text("支部委员最少人数", "Fewest members of a branch committee"),
    "party.decide_form": Text("确定组建形式的期限", "To decide on the form"),
    "party.downgrade.review": Text("党员减少后的复核期限", "Review when members have become fewer"),
    "party.elect.quorum": Text("党内选举到会比例", "Share who must attend a Party election"),
    "party.elect.surplus_percent": Text("党内选举差额比例（%）", "Surplus of candidates in a Party election (%)"),
    "party.election": Text("支部选举的期限", "To elect the branch"),
    "party.filing": Text("党组织备案的期限", "To file the organisation"),
    "party.general.min": Text("设党总支至少要有的正式党员数", "Fewest full members for a general branch"),
    "party.joint.max_units": Text("联合党支部最多单位数", "Most units of a joint branch"),
    "party.primary.min": Text("设基层党委至少要有的正式党员数", "Fewest full members for a primary committee"),
    "party.replace_liaison": Text("更换联络员的期限", "To replace a liaison"),
    "party.review": Text("党组织复核间隔", "Review of the organisation every"),
    "party.size.max": Text("一个党支部最多党员数", "Most members of a branch"),
    "party.survey": Text("党员摸底的期限", "To survey the members"),
    "party.vote.base": Text("党内选举按什么人数计票", "Votes in a Party election are counted against"),
    "request.answer": Text("答复工会来文的期限", "To answer what a union sent"),
    "request.receive": Text("签收工会来文的期限", "To acknowledge what a union sent"),
    "restructuring.settle": Text("改制后理顺组织的期限", "To settle both organisations"),
    "term.approve": Text("审批换届的期限", "To approve a re-election"),
    "term.completion_max": Text("到期后最迟完成换届", "Latest completion after the end"),
    "term.federation.length": Text("联合会届期", "Term of a federation"),
    "term.first_meeting": Text("首次会议的期限", "To hold the first meeting"),
    "term.party.branch.length": Text("党支部届期", "Term of a branch"),
    "term.party.committee.length": Text("党委届期", "Term of a Party committee"),
    "term.party.extension_max": Text("党组织换届最多延期", "Longest extension of a Party term"),
    "term.party.remind": Text("党组织换届提前提醒", "Reminder before a Party term ends"),
    "term.report": Text("报告换届结果的期限", "To report the result of a re-election"),
    "term.union.default": Text("工会届期（未另定时）", "Term of a union, unless decided otherwise"),
    "term.union.extension_max": Text("工会换届最多延期", "Longest extension of a union's term"),
    "term.union.remind": Text("工会换届提前提醒", "Reminder before a union's term ends"),
    "term.union.years": Text("工会届期可选年数", "Years a union's term may have"),
    "training.per_year": Text("每年培训次数", "Trainings a year"),
    "transfer.accept": Text("接收移送的期限", "To accept a transfer"),
    "transfer.send": Text("发出移送的期限", "To send a transfer"),
    "union.approve_preparation": Text("批复筹建的期限", "To decide on the preparation"),
    "union.approve_result": Text("批复选举结果的期限", "To decide on the election's result"),
    "union.assent": Text("建会前要征求的文书", "Paper to be asked for before the formation"),
    "union.candidate.publicity_days": Text("候选人公示（日）", "Candidates are made public for (days)"),
    "union.chair.barred": Text("不得任主席的人", "Who may not chair a union"),
    "union.chair_transfer.deemed_consent": Text(
        "调动主席逾期未复，视为同意", "No reply on a chair's transfer counts as consent"
    ),
    "union.chair_transfer.reply": Text("答复调动主席的期限", "To reply on a chair's transfer"),
    "union.committee.sizes": Text("委员会人数", "Size of the committee"),
    "union.correct": Text("补正的期限", "To correct a filing"),
    "union.delegates.from": Text("会员多少人以上可开代表大会", "Members from whom delegates may meet"),
    "union.delegates.sizes": Text("代表人数", "Number of delegates"),
    "union.elect.quorum": Text("工会选举到会比例", "Share who must attend a union election"),
    "union.elect.surplus_percent": Text("工会选举差额比例（%）", "Surplus of candidates in a union election (%)"),
    "union.formation.counted": Text("建会期限从何时起算", "The term of formation is counted"),
    "union.formation.deadline": Text("建会的期限", "Term of formation"),
    "union.full_time_chair.from": Text("职工多少人以上设专职主席", "Workers from whom the chair is full-time"),
    "union.group.maximum": Text("筹备组最多人数", "Most members of the preparatory group"),
    "union.group.minimum": Text("筹备组最少人数", "Fewest members of the preparatory group"),
    "union.min_committee": Text("会员多少人以上设委员会", "Members from whom a committee is due"),
    "union.opinion.after": Text("多久未建会，可发意见书", "A written opinion may follow after"),
    "union.preparation": Text("筹建的期限", "Time of preparation"),
    "union.reelect": Text("选举未获批准，重选期限", "To elect again when refused"),
    "union.report_result": Text("报告选举结果的期限", "To report the election's result"),
    "union.review": Text("工会复核期限", "Review of a union"),
    "union.set_up": Text("完善机构的期限", "To complete the set-up"),
    "union.women.base": Text("女职工委员会按什么人数算", "The women's committee is counted by"),
    "union.women.threshold": Text("女性多少人以上设女职工委员会", "Women from whom a women's committee is due"),
    "vacancy.max": Text("主席空缺最长", "Longest vacancy of the chair"),
}  # fmt: skip

WORDS: dict[str, Text] = {
    "union_first": Text("先工会", "the union first"),
    "party_first": Text("先党组织", "the Party organisation first"),
    "parallel": Text("同时", "both at once"),
    "none": Text("未设定", "not set"),
    "entitled": Text("应到会人数", "those entitled"),
    "present": Text("实到会人数", "those present"),
    "from_registration": Text("自登记之日", "from the registration"),
    "once_willing": Text("自职工有意愿之日", "from the workers' wish"),
    "members": Text("女会员", "women members"),
    "workers": Text("女职工", "women workers"),
    "legal_representative": Text("法定代表人", "the legal representative"),
    "pay_head": Text("劳资负责人", "the head of wages and labour"),
}

_OURS = re.compile(r"[a-z]+(?:_[a-z]+)+")
_YES, _NO, _NOBODY = Text("是", "yes"), Text("否", "no"), Text("未另列", "none listed")
_FIXED = Text("{zh}（遇休息日不顺延）", "{en}, rest day or not")
_UP_TO, _ABOVE = Text("{n}人及以下：{of}", "up to {n}: {of}"), Text("以上：{of}", "above: {of}")


def value_text(value: Value) -> Text:
    """The value in words; what is none of ours, such as the name of a paper, is said as it stands."""
    if isinstance(value, bool):
        return _YES if value else _NO
    if isinstance(value, int):
        return _same(str(value))
    if isinstance(value, Bands):
        said = [_band(*row) for row in value.rows]
        return Text("；".join(one.zh for one in said), "; ".join(one.en for one in said))
    if isinstance(value, tuple):
        named = [_word(one) for one in value]
        return (
            Text("、".join(one.zh for one in named), ", ".join(one.en for one in named)) if named else _NOBODY
        )
    return _word(value)


def source_text(source: str) -> Text:
    """What a value rests on, as its edition says it; our own words in it as people call them.

    >>> source_text("party_first is possible").en
    'the Party organisation first is possible'
    """
    said = Text.read(source)
    zh = _OURS.sub(lambda found: _called(found[0]).zh, said.zh)
    return Text(zh, _OURS.sub(lambda found: _called(found[0]).en, said.en))


def _called(word: str) -> Text:
    return WORDS.get(word) or _same(word)


def _word(word: str) -> Text:
    if word in WORDS:
        return WORDS[word]
    try:
        span = Span.parse(word)
    except ValueError:
        return _same(word)
    return span.words if span.roll else _FIXED.filled(zh=span.words.zh, en=span.words.en)


def _band(up_to: int, least: int, most: int) -> Text:
    of = str(least) if least == most else f"{least}-{most}"
    return _UP_TO.filled(n=up_to, of=of) if up_to else _ABOVE.filled(of=of)


def _same(word: str) -> Text:
    return Text(word, word)
