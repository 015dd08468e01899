"""What each kind of notice is called. A kind that a procedure sends and that stands here not is refused by a test."""

from workflows.words import Text

NOTICES: dict[str, Text] = {
    "enterprise_registered": Text("新设企业通报", "News of a new enterprise"),
    "union_established": Text("工会成立通报", "News that a union was established"),
    "union_candidates": Text("工会候选人审查通报", "News that the union's candidates await examination"),
    "union_reelection": Text("工会换届报告", "Report that a union's re-election begins"),
    "union_term_reminder": Text("工会换届提示函", "Reminder of a union's re-election"),
    "party_term_reminder": Text("党组织换届提示函", "Reminder of a Party organisation's re-election"),
    "union_covered": Text("联合工会覆盖通报", "News that a joint union covers the enterprise"),
    "party_formed": Text("党组织成立通报", "News that a Party organisation was formed"),
    "liaison_appointed": Text("联络员任命通报", "News that a liaison was appointed"),
    "notify_party_request": Text("提请组建党组织的通报", "Notice asking for a Party organisation"),
    "notify_party_reminder": Text(
        "催办：提请组建党组织的通报", "Reminder of the notice asking for a Party organisation"
    ),
    "notify_union_request": Text("提请组建工会的通报", "Notice asking for a union"),
    "notify_union_reminder": Text("催办：提请组建工会的通报", "Reminder of the notice asking for a union"),
    "meeting_called": Text("联席会议通知", "Call to the joint meeting"),
    "meeting_moved": Text("联席会议改期通知", "News that the joint meeting was put on another day"),
    "meeting_cancelled": Text("联席会议取消通知", "News that the joint meeting was cancelled"),
    "request_submitted": Text("工会来文通知", "News that a union submitted a matter"),
    "activity_plan_submitted": Text(
        "活动计划提请研究通知", "News that a plan of activities awaits a decision"
    ),
    "request_answered": Text("来文答复通知", "News that a union's matter was answered"),
}

#: Notices that ask for an answer: the request, and the reminder that is one matter with it.
ASKING = ("notify_party_request", "notify_party_reminder", "notify_union_request", "notify_union_reminder")
