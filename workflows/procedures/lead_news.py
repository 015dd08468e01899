"""How a lead begins: news before the registration, the registration itself, and workers who ask (WORKFLOWS 2.1, L-1 to L-5).

Workers who ask are counted and never named; that it was they who asked stands in the union's drawer alone.
"""

from workflows.definition import STAY, Derive, Message, Opening, Step
from workflows.procedures.lead_forms import (
    CODE,
    NAME,
    NOTE,
    PROGRESS,
    REQUEST_NOTE,
    REQUEST_WORKERS,
    TOWN_IF_KNOWN,
)
from workflows.procedures.lead_guards import (
    asked_by_workers,
    came_from,
    counted_anew,
    in_scope,
    not_acknowledged_yet,
    not_registered_yet,
    now_registered,
    out_of_scope,
    registered_from_nothing,
    request_recorded,
    request_reopens,
    told_by_a_department,
)
from workflows.procedures.lead_states import LIVE, REFERRED
from workflows.roles import INVESTMENT, PARTY_LOCAL, UNION_LOCAL, UNION_SUPERIOR
from workflows.subjects import ENTERPRISE
from workflows.words import Text

REGISTERED_NOTICE = Message("enterprise_registered", to=PARTY_LOCAL, sender=UNION_LOCAL)


def _request(
    name: str,
    sources: tuple[str, ...],
    target: str,
    says: Text,
    *,
    derive: Derive = request_recorded,
    emits: tuple[str, ...] = (),
    sends: tuple[Message, ...] = (),
) -> Step:
    """Workers of an enterprise that has a file already ask for a union; how many and what, never who."""
    return Step(
        name=name,
        sources=sources,
        target=target,
        label=Text("登记职工建会请求", "Record the workers' request"),
        says=says,
        rule="L-3; M17",
        by=UNION_LOCAL,
        fields=(REQUEST_WORKERS, REQUEST_NOTE),
        derive=derive,
        emits=emits,
        sends=sends,
    )


OPENINGS = (
    Opening(
        on=("registry.registered",),
        state="registered",
        guards=(in_scope,),
        says=Text(
            "登记机关通报新设企业，建立案卷",
            "The registration office reported a new enterprise; the case is opened",
        ),
        rule="L-2; M02",
        derive=registered_from_nothing,
        emits=("lead.registered",),
        sends=(REGISTERED_NOTICE,),
    ),
    Opening(
        on=("registry.registered",),
        state="out_of_scope",
        guards=(out_of_scope,),
        says=Text(
            "已登记；按本地政策暂不纳入建会范围", "Recorded; local policy does not take it up by itself"
        ),
        rule="L-2; CONTRACT: 92 and 93 are recorded and treated by policy",
        derive=registered_from_nothing,
    ),
    Opening(
        on=("registry.prenotified",),
        state="signalled",
        says=Text(
            "收到预建通报，企业尚未登记",
            "A pre-establishment notice came; the enterprise is not registered yet",
        ),
        rule="L-1; M01",
        derive=came_from("investment"),
    ),
    Opening(
        on=("registry.reported",),
        state="signalled",
        says=Text("有关部门通报企业线索，待核实", "A department told of an enterprise; to be looked into"),
        rule="L-1; M02; M21",
        derive=came_from("department"),
    ),
    Opening(
        by=UNION_LOCAL,
        subject=ENTERPRISE,
        name="worker_request",
        label=Text("登记职工建会请求", "Record a request of workers"),
        state="registered",
        says=Text("职工提出建会请求，建立案卷", "Workers asked for a union; the case is opened"),
        rule="L-3; M17",
        fields=(NAME, TOWN_IF_KNOWN, CODE, REQUEST_WORKERS, REQUEST_NOTE),
        derive=asked_by_workers,
        emits=("lead.registered",),
        sends=(REGISTERED_NOTICE,),
    ),
    Opening(
        by=UNION_LOCAL,
        subject=ENTERPRISE,
        name="village",
        label=Text("登记村办企业", "Record a village-run enterprise"),
        state="registered",
        says=Text(
            "村办企业纳入建会范围，建立案卷", "A village-run enterprise is taken up; the case is opened"
        ),
        rule="M06",
        fields=(NAME, TOWN_IF_KNOWN, CODE, NOTE),
        derive=came_from("village"),
        emits=("lead.registered",),
        sends=(REGISTERED_NOTICE,),
    ),
)

#: The steps that news takes, until the enterprise is registered and its place is known.
NEWS = (
    Step(
        name="register",
        sources=("signalled", "withdrawn"),
        target="registered",
        label=Text("企业完成登记", "Enterprise registered"),
        says=Text(
            "企业完成登记，与预建通报合并",
            "The enterprise was registered; merged with its earlier notice",
        ),
        rule="L-2; M01; M02",
        on=("registry.registered",),
        guards=(in_scope,),
        derive=now_registered,
        emits=("lead.registered",),
        sends=(REGISTERED_NOTICE,),
    ),
    Step(
        name="register_out_of_scope",
        sources=("signalled", "withdrawn"),
        target="out_of_scope",
        label=Text("完成登记，暂不纳入", "Registered, out of scope"),
        says=Text(
            "企业完成登记，与通报合并；按本地政策暂不纳入建会范围",
            "Registered and merged with its earlier notice; local policy does not take it up by itself",
        ),
        rule="L-2",
        on=("registry.registered",),
        guards=(out_of_scope,),
        derive=now_registered,
    ),
    Step(
        name="registered_meanwhile",
        sources=(*(name for name in LIVE if name != "signalled"), "out_of_scope"),
        target=STAY,
        label=Text("企业完成登记", "Enterprise registered"),
        says=Text(
            "办理期间企业完成登记，并入本案卷",
            "The enterprise was registered meanwhile; its registration joins this file",
        ),
        rule="L-2",
        on=("registry.registered",),
        guards=(not_registered_yet,),
        derive=now_registered,
        emits=("lead.registered",),
    ),
    Step(
        name="confirm_registration",
        sources=("signalled",),
        target="registered",
        label=Text("核实已登记", "Found to be registered"),
        says=Text("核实企业已经登记", "The enterprise was found to be registered"),
        rule="L-2; M21",
        by=UNION_LOCAL,
        fields=(NOTE,),
        guards=(told_by_a_department,),
        derive=counted_anew,
        emits=("lead.registered",),
        sends=(REGISTERED_NOTICE,),
    ),
    Step(
        name="acknowledge",
        sources=("signalled",),
        target=STAY,
        label=Text("签收通报", "Acknowledge the news"),
        says=Text("属地工会签收通报", "The local union acknowledged the news"),
        rule="L-1; M01",
        by=UNION_LOCAL,
        guards=(not_acknowledged_yet,),
        derive=lambda _: {"acknowledged": True},
    ),
    Step(
        name="follow_up",
        sources=("signalled",),
        target=STAY,
        label=Text("登记筹建进展", "Record the progress"),
        says=Text("跟踪项目筹建进展", "The project's progress was followed"),
        rule="L-5; M04",
        by=UNION_LOCAL,
        fields=(PROGRESS, NOTE),
        derive=lambda _: {"acknowledged": True},
    ),
    Step(
        name="cancel",
        sources=("signalled",),
        target="withdrawn",
        label=Text("项目取消", "Cancel the project"),
        says=Text("招商部门通知项目取消", "The investment office reported that the project was cancelled"),
        rule="L-4",
        by=INVESTMENT,
        fields=(NOTE,),
    ),
    Step(
        name="withdraw_signal",
        sources=("signalled",),
        target="withdrawn",
        label=Text("核实后撤回", "Withdraw after a check"),
        says=Text(
            "核实后不再跟踪；今后登记的，案卷照常继续",
            "Checked and followed no longer; should it register after all, the file goes on",
        ),
        rule="L-5",
        by=UNION_SUPERIOR,
        fields=(NOTE,),
    ),
)

#: What workers ask for later. Offered last: it is put on record when they do ask, not to get on with a lead.
REQUESTS = (
    _request(
        "record_request",
        ("signalled", "registered", "contacting", "notice_served", "surveyed", *REFERRED),
        STAY,
        Text("职工提出建会请求", "Workers asked for a union"),
    ),
    _request(
        "reopen_on_request",
        ("unreachable", "deferred", "declined"),
        "contacting",
        Text("职工提出建会请求，重新联系", "Workers asked for a union; contact begins anew"),
        derive=request_reopens,
    ),
    _request(
        "take_up_on_request",
        ("out_of_scope",),
        "contacting",
        Text("职工提出建会请求，纳入建会范围", "Workers asked for a union; the enterprise is taken up"),
        derive=request_reopens,
        emits=("lead.registered",),
        sends=(REGISTERED_NOTICE,),
    ),
)
