"""What a lead asks people for: the fields of its forms, the papers, and the lists they choose from."""

from workflows.definition import Choice, Evidence, Field
from workflows.procedures.union_guards import TAKING_UNITS
from workflows.subjects import JOINT_UNION
from workflows.words import Text

# -- fields ------------------------------------------------------------------------------------------

NAME = Field("name", "text", Text("单位名称", "Name of the unit"), "越北镇某某厂", maximum=100)
CODE = Field(
    "uscc",
    "code",
    Text("统一社会信用代码", "Unified social credit code"),
    None,
    required=False,
    prefixes=("91", "92", "93"),
)
TOWN = Field("town", "town", Text("所在乡镇街道", "Town or street"), None)
TOWN_IF_KNOWN = Field("town", "town", Text("所在乡镇街道", "Town or street"), None, required=False)
NOTE = Field("note", "text", Text("情况说明", "Account"), "已核实 / verified", maximum=500)

HEADCOUNT = Field("headcount", "integer", Text("从业人数", "Headcount"), 60, publish=True)
APPLICANTS = Field(
    "applicants", "integer", Text("自愿申请入会人数", "Workers who applied of their own will"), 30
)
WOMEN_WORKERS = Field(
    "women_workers", "integer", Text("女职工人数", "Women among the workers"), 20, required=False
)
SEGMENT = Field(
    "segment",
    "choice",
    Text("企业类别", "Segment"),
    "private",
    required=False,
    choices=(
        Choice("private", Text("私营企业", "Private enterprise")),
        Choice("foreign", Text("外商投资企业", "Foreign-invested enterprise")),
        Choice("restructured", Text("改制企业", "Restructured enterprise")),
        Choice("village", Text("村办企业", "Village-run enterprise")),
        Choice("small_workshop", Text("小作坊、小工厂、小商店", "Small workshop, factory or shop")),
        Choice("other", Text("其他", "Other")),
    ),
)
ACTIVITY = Field(
    "activity",
    "choice",
    Text("经营状况", "Activity"),
    "operating",
    required=False,
    choices=(
        Choice("operating", Text("正常经营", "Operating")),
        Choice("starting", Text("正在筹备开业", "About to open")),
        Choice("idle", Text("停工停产", "Standing idle")),
        Choice("left", Text("已不在登记地址经营", "No longer at its registered address")),
    ),
)
PROGRESS = Field(
    "progress",
    "choice",
    Text("筹建进度", "Progress"),
    "building",
    required=False,
    choices=(
        Choice("agreed", Text("已签约", "Agreed on")),
        Choice("building", Text("在建", "Being built")),
        Choice("trial", Text("试生产、试营业", "On trial")),
        Choice("opening", Text("即将开业", "About to open")),
    ),
)
INSTRUCTOR = Field(
    "instructor_sent", "yes_no", Text("已选派工建指导员", "An instructor is sent"), True, required=False
)

#: Why there is no union for now. Each is a lawful answer that is recorded without pressure (M23; CONDUCT.md 5.2-9).
OBSTACLES = (
    Choice("owner_unwilling", Text("业主不愿意", "Owner unwilling")),
    Choice("owner_superfluous", Text("业主认为没有必要", "Owner thinks it superfluous")),
    Choice("owner_opponents", Text("业主担心工会与自己作对", "Owner fears an opponent")),
    Choice("owner_interference", Text("业主担心多一个上级来管", "Owner fears one more body over the firm")),
    Choice("owner_fees", Text("业主担心缴纳经费", "Owner fears the fees")),
    Choice("too_few_workers", Text("职工太少", "Too few workers")),
    Choice("fear_of_dismissal", Text("职工怕被解雇", "Workers fear dismissal")),
    Choice("workers_unwilling", Text("下岗再就业职工不愿意", "Re-employed workers unwilling")),
    Choice("workers_indifferent", Text("职工认为可有可无", "Workers indifferent")),
    Choice(
        "workers_casual", Text("职工流动性大，自认不是正式工", "Workers come and go, and feel no part of it")
    ),
    Choice("no_constraint", Text("缺乏约束机制", "Nothing obliges anybody")),
    Choice("seen_as_trouble", Text("把建会看作找麻烦", "A union is taken for trouble-making")),
    Choice("resistance", Text("有抵触情绪", "Resistance")),
    Choice("other", Text("其他", "Other")),
)
REASON = Field("reason", "choice", Text("原因", "Reason"), "workers_indifferent", choices=OBSTACLES)

SERVICE_METHOD = Field(
    "service_method",
    "choice",
    Text("送达方式", "How it was served"),
    "handed_over",
    choices=(
        Choice("handed_over", Text("交收件岗位签收", "Handed to a post that signed for it")),
        Choice("left", Text("留置送达", "Left at the premises")),
        Choice("posted", Text("邮寄送达", "Sent by post")),
        Choice("electronic", Text("电子送达", "Sent electronically")),
    ),
)
RECEIVER_POST = Field(
    "receiver_post",
    "text",
    Text("收件岗位（不写姓名）", "Post that received it (no name)"),
    "前台 / front desk",
    required=False,
    maximum=60,
)
SERVED_AT = Field(
    "served_at", "text", Text("送达地点", "Place of service"), "登记住所 / registered address", maximum=100
)
SERVED_ON = Field("served_on", "date", Text("送达日期", "Served on"), 0, minimum=-30, maximum=0)
LETTER_ON = Field("letter_on", "date", Text("发出日期", "Issued on"), 0, minimum=-30, maximum=0)

REQUEST_WORKERS = Field("workers", "integer", Text("提出请求的人数", "How many workers ask"), 1, minimum=1)
REQUEST_NOTE = Field(
    "note",
    "text",
    Text(
        "请求内容（不写姓名、岗位、电话等能认出个人的内容）",
        "What they ask for (no names, posts or telephones: nothing that tells who they are)",
    ),
    "希望成立工会 / they would like a union",
    maximum=500,
)
COVERED_BY = Field(
    "joint_union",
    "link",
    Text("覆盖的联合工会", "Covering joint union"),
    None,
    to=JOINT_UNION,
    standing_in=TAKING_UNITS,
)

# -- papers ------------------------------------------------------------------------------------------

NOTICE = Evidence(
    "union_founding_notice",
    Text("建会通知书及送达回证", "Union-founding notice with proof of service"),
    form="founding_notice",
    about="建立{name}工会",
)
OPINION = Evidence(
    "union_opinion",
    Text("建立工会意见书及送达回证", "Opinion letter with proof of service"),
    form="letter",
    about="{name}依法建立工会",
)
OBSTRUCTION = Evidence("obstruction_record", Text("阻挠建会的证据材料", "Evidence of obstruction"))
GOVERNMENT = Evidence(
    "government_referral",
    Text(
        "责令改正文书和提请人民政府处理的报告", "The order that was refused, and the report to the government"
    ),
    form="report",
    about="{name}阻挠建立工会拒不改正有关情况",
)
COVERAGE = Evidence("coverage_list", Text("联合工会覆盖单位名单", "Joint union's list of covered units"))
