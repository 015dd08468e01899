"""Where the registration of a union as a legal person can stand, and the terms that run meanwhile (WORKFLOWS 2.3)."""

from workflows.definition import Situation, State, Term, Work
from workflows.procedures.enterprise_gone import elsewhere, gone
from workflows.roles import UNION_LOCAL, UNION_SUPERIOR
from workflows.spans import Span
from workflows.words import Text

#: Nothing is registered yet in these.
UNDER_WAY = ("unregistered", "applied", "returned", "examined")
#: The union is a legal person in these.
STANDS = (
    "registered", "change_due", "change_filed", "renewal_due", "renewal_filed",
)  # fmt: skip


def _validity(situation: Situation) -> Span | None:
    """From the certificate's first day to its last."""
    first, last = situation.day("certificate_from"), situation.day("valid_to")
    return None if first is None or last is None or last <= first else Span((last - first).days, "day")


STATES = (
    State(
        "unregistered",
        Text("未登记", "Not registered"),
        Work(
            UNION_LOCAL,
            Text("申请法人资格登记", "Apply for registration"),
            Text("还没有申请法人资格登记", "the registration has not been applied for yet"),
        ),
    ),
    State(
        "applied",
        Text("已申请", "Applied"),
        Work(
            UNION_SUPERIOR,
            Text("审查登记申请", "Examine the application"),
            Text("登记申请等登记机关审查", "the registrar has yet to examine the application"),
        ),
    ),
    State(
        "returned",
        Text("退回补正", "Returned for correction"),
        Work(
            UNION_LOCAL,
            Text("补正后重新申请", "Correct and apply again"),
            Text("登记申请被退回，等补正", "the application was returned and awaits correction"),
        ),
    ),
    State(
        "examined",
        Text("已审查，待登记发证", "Examined"),
        Work(
            UNION_SUPERIOR,
            Text("登记并发给证书", "Register and issue the certificate"),
            Text("审查通过，等登记发证", "the examination is done; registration is awaited"),
        ),
    ),
    State("registered", Text("已登记", "Registered"), settled=True),
    State(
        "change_due",
        Text("应变更登记", "A change is to be registered"),
        Work(
            UNION_LOCAL,
            Text("申请变更登记", "Apply for the change"),
            Text(
                "登记事项已变，还没有申请变更登记",
                "what is registered has changed; the change is not applied for",
            ),
        ),
    ),
    State(
        "change_filed",
        Text("已申请变更", "Change applied for"),
        Work(
            UNION_SUPERIOR,
            Text("办理变更登记", "Register the change"),
            Text("变更申请等登记机关办理", "the registrar has yet to register the change"),
        ),
    ),
    State(
        "renewal_due",
        Text("证书将满，应换证", "The certificate is to be renewed"),
        Work(
            UNION_LOCAL,
            Text("申请换证", "Apply for renewal"),
            Text("证书即将期满，还没有申请换证", "the certificate runs out; its renewal is not applied for"),
        ),
    ),
    State(
        "renewal_filed",
        Text("已申请换证", "Renewal applied for"),
        Work(
            UNION_SUPERIOR,
            Text("换发证书", "Renew the certificate"),
            Text("换证申请等登记机关办理", "the registrar has yet to renew the certificate"),
        ),
    ),
    State(
        "cancel_due",
        Text("应注销登记", "To be cancelled"),
        Work(
            UNION_LOCAL,
            Text("清理经费财产，申请注销登记", "Settle funds, property and debts; apply to cancel"),
            Text("工会终止，等清理后注销登记", "the union ended; its registration is to be cancelled"),
        ),
    ),
    State(
        "cancel_filed",
        Text("已申请注销", "Cancellation applied for"),
        Work(
            UNION_SUPERIOR,
            Text("收回证书，注销登记", "Withdraw the certificate and cancel"),
            Text("注销申请等登记机关办理", "the registrar has yet to cancel the registration"),
        ),
    ),
    State("conditions_not_met", Text("不具备法人条件", "Conditions not met"), settled=True),
    State("cancelled", Text("已注销登记", "Cancelled"), settled=True, final=True),
    State(
        "union_gone",
        Text("工会终止，未曾登记", "Union gone before registration"),
        settled=True,
        final=True,
    ),
    gone(),
    elsewhere(),
)

TERMS = (
    Term(
        "apply",
        Text("申请登记期限", "Application"),
        "legal.apply",
        ("unregistered",),
        Work(
            UNION_LOCAL,
            Text("法人登记申请超期，请申请或者说明", "The application is overdue: apply, or say why not"),
            Text("法人登记申请已超期", "the application is overdue"),
        ),
        rule="R1",
    ),
    Term(
        "examine",
        Text("登记机关审查期限", "Examination"),
        "legal.examine",
        ("applied", "examined", "change_filed", "renewal_filed", "cancel_filed"),
        Work(
            UNION_SUPERIOR,
            Text("审查超期，请尽快办理", "The examination is overdue"),
            Text("审查已超期；不答复不等于准予", "the examination is overdue; silence is not consent"),
        ),
        rule="R2",
    ),
    Term(
        "correct",
        Text("补正期限", "Correction"),
        "union.correct",
        ("returned",),
        Work(
            UNION_LOCAL,
            Text("补正期满，请尽快补正", "The correction is overdue"),
            Text("补正已超期", "the correction is overdue"),
        ),
        rule="R2",
    ),
    Term(
        "change",
        Text("变更登记期限", "Change of the registration"),
        "legal.change",
        ("change_due",),
        Work(
            UNION_LOCAL,
            Text("变更登记超期，请尽快申请", "The change is overdue: apply for it"),
            Text("变更登记已超期", "the change is overdue"),
        ),
        rule="R4",
    ),
    Term(
        "renew",
        Text("换证", "Renewal of the certificate"),
        "legal.renew_window",
        ("registered",),
        Work(
            UNION_LOCAL,
            Text("证书将满，请申请换证", "The certificate runs out soon: apply for renewal"),
            Text("证书即将期满", "the certificate runs out soon"),
        ),
        measure=_validity,
        counts_from="certificate_from",
        ahead="legal.renew_window",
        exact=True,
        rule="R5",
    ),
    Term(
        "certificate",
        Text("证书有效期", "Validity of the certificate"),
        "legal.certificate",
        STANDS,
        Work(
            UNION_SUPERIOR,
            Text("证书已期满，请督促换证", "The certificate has run out: see to its renewal"),
            Text("证书已期满；工会照旧存在", "the certificate has run out; the union stands all the same"),
        ),
        starts_again_on=("record_change", "renew"),
        measure=_validity,
        counts_from="certificate_from",
        exact=True,
        rule="R5",
    ),
)
