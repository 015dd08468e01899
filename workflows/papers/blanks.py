"""The blanks that people fill in on official papers. A person's name stands only where the paper is about his post."""

from workflows.definition import Choice, Field
from workflows.words import Text

TITLE = Field("title", "text", Text("标题", "Title"), "关于建立工会的请示", maximum=120)
TO = Field("to", "text", Text("主送机关", "Addressee"), "上级工会", maximum=120)
TEXT = Field(
    "text",
    "text",
    Text("正文（每段一行）", "Text (one line a paragraph)"),
    "请予批复。",
    maximum=2000,
)
ATTACHED = Field(
    "attached",
    "text",
    Text("附件说明（每件一行）", "Attachments (one a line)"),
    "",
    required=False,
    maximum=300,
)
NOTE = Field(
    "note",
    "text",
    Text("附注（联系岗位和座机）", "Note (post to ask for, and its telephone)"),
    "联系岗位：组织部",
    required=False,
    maximum=100,
)
COPIES = Field("copies", "text", Text("抄送", "Copies to"), "", required=False, maximum=120)
SIGNER = Field("signer", "text", Text("签发人", "Signed for by"), "×××", maximum=20, personal=True)
REQUEST = Field(
    "request",
    "text",
    Text("所批复的请示（标题和文号）", "The request it answers (title and number)"),
    "《关于建立工会的请示》",
    maximum=160,
)
APPOINTEE = Field(
    "appointee",
    "text",
    Text("任职（选派）人员", "Person appointed or sent"),
    "×××",
    maximum=60,
    personal=True,
)
POST = Field("post", "text", Text("职务", "Post"), "党建联络员", maximum=60)
CONSENT = Field("consent", "yes_no", Text("本人已同意", "The person consents"), True)

HELD_ON = Field("day", "date", Text("会议日期", "Held on"), 0, minimum=-366, maximum=0)
HELD_AT = Field("venue", "text", Text("会议地点", "Held at"), "会议室", maximum=100)
CHAIR = Field("chair", "text", Text("主持（写职务）", "Chaired by (post)"), "工会主席", maximum=60)
PRESENT = Field(
    "present", "text", Text("出席（写单位和职务）", "Present (bodies and posts)"), "各成员单位", maximum=600
)
ABSENT = Field("absent", "text", Text("请假", "Leave"), "", required=False, maximum=300)
OBSERVERS = Field("observers", "text", Text("列席", "In attendance"), "", required=False, maximum=300)

DAYS = Field("days", "integer", Text("请在几日内办理", "Days in which to act"), 30, minimum=1, maximum=365)
CONTACT = Field(
    "contact",
    "text",
    Text("联系方式（岗位、座机、地址，不写姓名）", "Where to turn (post, telephone, address; no names)"),
    "工会办公室",
    maximum=120,
)

PROGRESS = Field(
    "progress",
    "choice",
    Text("筹建进度", "Progress"),
    "agreed",
    choices=(
        Choice("agreed", Text("已签约", "Agreed on")),
        Choice("building", Text("在建", "Being built")),
        Choice("trial", Text("试生产、试营业", "On trial")),
        Choice("opening", Text("即将开业", "About to open")),
    ),
)
WANTED = Field(
    "wanted",
    "choice",
    Text("请对方办理", "What is asked for"),
    "study",
    choices=(
        Choice("study", Text("请研究，并在期限内签收、答复", "Consider it, acknowledge and answer in time")),
        Choice("inform", Text("供了解情况", "For information")),
    ),
)
