"""A bulletin (工运简报): experience summed up and sent round, drafted by one person and released by another (M84)."""

from workflows.definition import Choice, Definition, Evidence, Field, Opening, State, Step, Work
from workflows.roles import MEETING, Compartment
from workflows.subjects import BULLETIN as BULLETIN_FILE
from workflows.words import Text

ISSUE = Evidence("bulletin_issue", Text("简报清样", "The bulletin itself"))
NOTE = Field(
    "note", "text", Text("修改意见", "What to change"), "请补充做法 / add how it was done", maximum=500
)

BULLETIN_LAW = Definition(
    name="bulletin",
    version=1,
    label=Text("简报", "Bulletin"),
    compartment=Compartment.JOINT,
    openings=(
        Opening(
            name="draft_bulletin",
            by=MEETING,
            subject=BULLETIN_FILE,
            state="drafted",
            label=Text("起草简报", "Draft a bulletin"),
            says=Text("起草简报", "A bulletin was drafted"),
            rule="S-bulletin; M84",
            fields=(
                Field("name", "text", Text("题目", "Title"), "百日攻坚建会经验", maximum=60),
                Field(
                    "summary",
                    "text",
                    Text("内容摘要（不写个人情况和党员人数）", "Summary (no persons, no numbers of members)"),
                    "各乡镇的做法 / how the towns went about it",
                    maximum=1000,
                ),
            ),
        ),
    ),
    states=(
        State(
            "drafted",
            Text("起草", "Drafted"),
            Work(
                MEETING,
                Text("定稿并送核", "Finish it and send it to be checked"),
                Text("简报还在起草", "the bulletin is being drafted"),
            ),
        ),
        State(
            "checking",
            Text("核稿", "Being checked"),
            Work(
                MEETING,
                Text("核稿，印发或退回", "Check it: release it, or send it back"),
                Text("等另一位同志核稿", "another colleague has yet to check it"),
            ),
        ),
        State("released", Text("已印发", "Released"), settled=True, final=True),
        State("dropped", Text("不再印发", "Dropped"), settled=True, final=True),
    ),
    steps=(
        Step(
            name="send_to_check",
            sources=("drafted",),
            target="checking",
            label=Text("送核", "Send it to be checked"),
            says=Text("送核", "It was sent to be checked"),
            rule="S-bulletin; M84",
            by=MEETING,
            evidence=(ISSUE,),
        ),
        Step(
            name="release",
            sources=("checking",),
            target="released",
            label=Text("印发", "Release it"),
            says=Text("简报印发", "The bulletin was released"),
            rule="S-bulletin; M84",
            by=MEETING,
            not_by=("draft_bulletin", "send_to_check"),
            fields=(
                Field(
                    "printed_in",
                    "choice",
                    Text("刊登在", "Printed in"),
                    "union_bulletin",
                    choices=(
                        Choice("union_bulletin", Text("工运简报", "the union's bulletin")),
                        Choice("party_press", Text("党报党刊", "the Party press")),
                        Choice("both", Text("两处都登", "both")),
                    ),
                ),
            ),
        ),
        Step(
            name="return_bulletin",
            sources=("checking",),
            target="drafted",
            label=Text("退回修改", "Send it back"),
            says=Text("退回修改", "It was sent back"),
            rule="S-bulletin; M84",
            by=MEETING,
            fields=(NOTE,),
        ),
        Step(
            name="drop_bulletin",
            sources=("drafted", "checking"),
            target="dropped",
            label=Text("不再印发", "Drop it"),
            says=Text("决定不再印发", "It was dropped"),
            rule="S-bulletin; M84",
            by=MEETING,
            gives_up=True,
            fields=(NOTE,),
        ),
    ),
)
