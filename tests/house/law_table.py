"""The table of the law: each row of the field's rules, where it stands in the law book, and the tests that prove it.

The rows and their sentences stand here. The places are read from the `rule` of steps, openings and terms, the proofs from
the tests' own source: `@pytest.mark.rule("U-7", "U-8")`. `python -m tests.house.law_table` writes the page anew.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.house.marks import TESTS, Mark, marked, proofs
from workflows.definition import Definition
from workflows.registry import LawBook, law_book
from workflows.words import Text

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "deploy" / "handbook" / "the-law.md"

#: A heading begins with "#"; every other line is: row | what it says in Chinese | in English.
TABLE = """
# 建会线索 | Leads
L-1 | 登记之前，招商部门可以先通报项目，由属地工会签收跟踪。 | Before registration the investment office may report a project; the local union takes it in hand.
L-2 | 一条登记通报建立一个案卷，或并入等着它的案卷，只取登记事项。 | One registration opens a case, or joins the one that waits for it, and brings registered facts only.
L-3 | 职工可以自己请求建会；是谁提出的，不让企业知道。 | Workers may ask for a union themselves; the enterprise never learns who asked.
L-4 | 项目取消的，由招商部门登记，线索撤回。 | A project that is called off is recorded by the investment office and withdrawn.
L-5 | 预建通报久未登记的，交人核实，不自行结案。 | A project that stays unregistered for long is put before a person; nothing closes by itself.
L-6 | 知道企业在哪里，就分派属地工会，起算首次联系期限。 | Once its place is known the local union is assigned, and the time for the first contact runs.
L-7 | 上门走访，见到企业方代表，登记走访情况。 | A visit that meets the enterprise's representative is recorded.
L-8 | 找不到法定代表人的，留下建会通知书，取得送达证明。 | Where the legal representative is not found, a notice is left, with proof of service.
L-9 | 通知书期满无回应的，只是再访或再送的任务；送满次数才可登记为联系不上。 | An unanswered notice is a task to visit or serve again; only after enough of them is an enterprise called unreachable.
L-10 | 恢复联系的，走访继续。 | Once contact is restored, the visits go on.
L-11 | 摸底登记从业人数、自愿申请人数等情况，只记数，不记人。 | The survey records how many work there and how many applied, never who.
L-12 | 有一名职工自愿申请，就可以启动建会。 | One worker who applies of their own will is enough to begin.
L-13 | 目前无人申请的，记明原因，到期回访。 | Where nobody applies for now, the reason is recorded and a later visit falls due.
L-14 | 业主不愿意的，记明原因；业主同意不是条件，职工仍可申请。 | An owner's refusal is recorded; the owner's consent is no condition, and workers may still apply.
L-15 | 阻挠建会有证据的，由上级工会移送有关部门处理。 | Obstruction with evidence is referred by the superior union to the authority that must act on it.
L-16 | 企业歇业期间，各项期限中止。 | While the enterprise is suspended, every term stands still.
L-17 | 企业注销或被吊销的，线索终止，其他程序随之处理。 | When the enterprise ends, its lead ends, and the other tracks follow.
L-18 | 企业迁出的，案卷移交迁入地；对方接收，才算交接。 | A moved enterprise's file goes to the destination, which must accept it.
L-19 | 已被联合工会覆盖的单位，登记覆盖关系。 | A unit that a joint union covers already is linked to it.

# 组建工会 | Union formation
U-1 | 提出建会请示；党组织和行政的意见只是意见，不是否决。 | The request is filed; the opinions of Party organisation and management are opinions, not vetoes.
U-2 | 由将来领导它的上一级工会批准筹建；谁提出，谁不审批。 | The next union above approves the preparation; whoever filed does not decide.
U-3 | 材料有缺陷的，列明后退回，限期补正。 | Defects are listed and the request goes back, to be corrected in time.
U-4 | 不予批准须有法定情形，并说明理由；改正后可以重来。 | A refusal rests on one of the lawful grounds and says which; formation may begin again.
U-5 | 成立筹备组，人数依规定，筹备有期限。 | A preparatory group of the prescribed size is formed, and its work has a term.
U-6 | 入会由职工本人自愿、逐人申请。 | Workers join individually and of their own will.
U-7 | 会员达到法定人数的必须建立委员会；不足的可以单建、联合或选组织员。 | From the lawful number of members a committee is mandatory; below it all three forms are open.
U-8 | 加入联合工会，须由上级批准、联合工会接收。 | Joining a joint union needs its acceptance and the superior's approval.
U-9 | 只设组织员的，也须选举，并留有记录。 | An organiser too is elected, and the record is kept.
U-10 | 候选人由会员提名，人数多于应选名额，依规定回避。 | Candidates are nominated, outnumber the posts, and those barred do not stand.
U-11 | 候选人公示满期，由上级工会和企业党组织审查。 | Candidates are published for the full period and examined by superior union and Party organisation.
U-12 | 候选人经同意才能交付选举；谁提名，谁不审批。 | Only approved candidates go to the vote; whoever nominated does not approve.
U-13 | 大会到会和得票符合规定，结果登记在案。 | The meeting is held with its quorum and majority, and the result is recorded.
U-14 | 选举未成的，限期重新选举。 | A void election is held again within its term.
U-15 | 选举结果按期报告上级。 | The result is reported to the superior in time.
U-16 | 有选举记录和上级批复，才是成立；逾期未批不等于同意。 | Only election record and approval establish a union; silence is not consent.
U-17 | 程序不合法的，上级不予批准，重新选举。 | Where the procedure was not lawful the superior refuses, and the election is held again.
U-18 | 同时设立经费审查组织和女职工组织。 | Audit body and women's body are set up at the same time.
U-19 | 凭批复刻章、挂牌、开户。 | With the approval in hand come seal, plaque and account.
U-20 | 会员增至法定人数的，提请考虑单独建会，不自动改变。 | When membership grows to the lawful number, a person considers an own committee; nothing changes by itself.
U-21 | 会员减少的，工会不因此撤销，交人研究。 | When membership falls, no union is abolished for it; a person looks into it.
U-22 | 单位终止的，由上级决定撤销，工会不自行消失。 | When the unit ends, the superior decides on dissolution; no union vanishes by itself.
U-23 | 单位合并、分立的，重新建会并报批。 | After a merger or a split the union is formed anew and approved.
U-24 | 管辖变更的，隶属关系连同档案移交，工会照旧。 | When the jurisdiction changes, subordination and archives are handed over; the union stays as it is.
U-25 | 批准之前可以中止筹建，以后可以重新启动。 | Formation may be abandoned before its approval, and begun again later.

# 选举规则 | Rules of election
G-COMM | 企业主要负责人的近亲属不得作为委员人选。 | Close relatives of the enterprise's principal do not stand for the committee.
G-CHAIR | 行政负责人、合伙人及其近亲属、人事负责人、外籍职工不得作为主席人选。 | Managers, partners, their relatives, the HR head and foreign staff do not stand for chair.
G-CONCURRENT | 党组织书记可以兼任主席；书记是业主或者总经理的，不得兼任。 | A Party secretary may also be chair, but not one who is the owner or general manager.
G-VOTE | 无记名投票；到会和得票都以应到人数计算。 | The ballot is secret; quorum and majority are counted on those entitled.
G-MEET | 会员不足规定人数的开会员大会，达到的可以开代表大会。 | Below the prescribed number all members meet; from it on delegates may.
G-DELEGATES | 代表名额按会员人数分档。 | The number of delegates follows the number of members.
G-SIZE | 委员名额按会员人数分档。 | The size of the committee follows the number of members.

# 联合工会 | Joint unions
J0 | 提出建立联合工会。 | A joint union is proposed.
J1 | 上级批准建立。 | The superior approves it.
J2 | 覆盖各单位。 | It covers its units.
J3 | 正常运转。 | It operates.
J-applied | 单位申请由联合工会覆盖。 | A unit applies to be covered.
J-covered | 联合工会接收，单位被覆盖。 | The joint union accepts, and the unit is covered.
J-left | 单位退出，覆盖终止。 | A unit leaves, and is covered no more.
J-graduated | 单位建立自己的工会，覆盖终止。 | A unit founds a union of its own, and is covered no more.
J-deregistered | 单位注销，覆盖终止。 | A unit is deregistered, and is covered no more.
J-two | 联合工会不少于两个单位；只剩一个的，交人研究。 | A joint union has at least two units; when one is left, a person looks into it.
J-federation | 工会联合会覆盖工会，联合工会覆盖单位的会员。 | A federation covers unions; a joint union covers the members of units.

# 工会法人 | The union as a legal person
R0 | 工会成立后，才谈得上登记法人。 | Registration as a legal person comes after the founding.
R1 | 成立之后按期申请登记。 | It is applied for in time after the founding.
R2 | 登记机关按期审查。 | The registrar examines it in time.
R3 | 准予登记的，发给证书和统一社会信用代码。 | Once registered, it has its certificate and its code.
R4 | 名称、住所、法定代表人变更的，按期变更登记。 | A change of name, address or legal representative is registered in time.
R5 | 证书期满前换证。 | The certificate is renewed before it runs out.
R6 | 工会终止的，清理后注销登记。 | When the union ends, the registration is cancelled after its affairs are settled.

# 组建党组织 | Party formation
P-1 | 摸底由党组织一方进行，只登记人数。 | The survey is the Party side's own, and records numbers only.
P-2 | 没有正式党员的，下派联络员。 | Where there is no full member, a liaison is dispatched.
P-3 | 有正式党员而不足建支部的，经本人同意可任联络员。 | With fewer full members than a branch needs, one who consents may be liaison.
P-4 | 与其他单位组成联合党支部，须上级批准。 | A joint branch with other units needs the superior's approval.
P-5 | 正式党员达到人数、有合适书记人选的，请示成立党支部。 | With enough full members and a suitable secretary, a branch is applied for.
P-6 | 上级按期研究批复；谁请示，谁不审批。 | The superior replies in time; whoever applied does not decide.
P-7 | 上级可以退回，并说明意见。 | The superior may return the request, saying why.
P-8 | 党员大会选举，到会须达法定人数，得票须过半数。 | The members' meeting elects, with its quorum and its majority.
P-9 | 选举结果经批复，党组织才成立；形式依正式党员人数。 | Only the reply on the officers forms the organisation, in the form its full members call for.
P-10 | 工作需要的，上级可以直接决定成立。 | Where work needs it, the superior may decide directly.
P-11 | 批复和选举结果报组织部门备案。 | Approval and result are filed with the organisation department.
P-12 | 党员增至规定人数的，设立支部委员会。 | When members grow to the number, the branch gets a committee.
P-13 | 党员增至规定人数的，请示改建党总支或者党委。 | When members grow further, a general branch or a primary committee is applied for.
P-14 | 党员减至不足建支部的，由上级研究调整，不自动撤销。 | When members fall below a branch's number, the superior reviews; nothing is dissolved by itself.
P-15 | 党员减至不足设支委会的，交人研究，支委会照旧。 | When members fall below a committee's number, a person looks into it; the committee stays.
P-16 | 联络员离任的，另行选派。 | A liaison who leaves is replaced.
P-17 | 有了党员或者增至三名的，重新确定形式。 | When members appear or reach a branch's number, the form is decided anew.
P-18 | 企业终止或者迁移的，由上级决定撤销、转接组织关系。 | When the enterprise ends or moves, the superior decides on dissolution and transfers relations.
P-19 | 企业改制的，党组织经上级批准同步设立、调整或者更名。 | When the enterprise is restructured, its Party organisation follows at once, with the superior's approval.

# 相互通报 | Notices to each other
N-A | 工会成立，而党组织一方尚无组织、未称不具备条件的，通报党组织一方。 | A union is established and the Party side has neither an organisation nor denied the condition: it is told.
N-B | 党组织成立，而没有工会的，通报工会一方。 | A Party organisation is formed and there is no union: the union side is told.
N0 | 条件具备，应当通报。 | The condition holds, and a notice is due.
N1 | 通报送达。 | The notice is delivered.
N2 | 对方签收。 | The other side acknowledges it.
N3 | 对方采纳、不采纳或者答复不适用；后两种说明理由。 | It accepts, rejects or calls it not applicable; the last two with the reason.
N4 | 事情办成，结果反馈。 | What was asked for is done, and the result is reported.
N5 | 发出方核对后办结。 | The sender checks it and closes.
N-chase | 逾期未签收的，按当地规定的次数催办。 | What is not acknowledged in time is chased, as often as the place prescribes.
N-escalate | 催办后仍未签收的，列入联席会议议题，不视为同意。 | Still unacknowledged, it goes before the joint meeting; it is never taken for consent.

# 换届 | Re-election
T-1 | 任期届满前，按规定提前提醒。 | A reminder comes before the term of office ends.
T-2 | 开始准备换届；工会同时报告党组织。 | The re-election is prepared; a union reports it to the Party organisation too.
T-3 | 提出换届请示。 | The re-election is applied for.
T-4 | 上级按期批复，或者退回。 | The superior replies in time, or returns it.
T-5 | 提名、公示、选举的规则与首次选举相同。 | Nomination, publication and election follow the rules of the first election.
T-6 | 选举结果按期报告。 | The result is reported in time.
T-7 | 上级批复后新任期开始，法人登记随之变更或者换证。 | The approval begins a new term of office; the legal-person registration changes or renews with it.
T-8 | 届满之前可以申请延期，须经批准。 | Before the end a longer term may be asked for, and needs approval.
T-9 | 到期未换届是一个事实：上级限期完成，任职不自动终止。 | Past its end a term is overdue as a fact: the superior sets a day, and nobody loses office by itself.
T-10 | 主席空缺的，按期补选。 | A vacant chair is filled by election in time.
T-11 | 换届后，召开第一次会议。 | After the re-election comes the first meeting.

# 联席会议 | Joint meetings
Q-group | 协调小组由人成立、调整、撤销；撤销的，未开的会议随之取消。 | People set up, change and dissolve the group; with it go the meetings that are still ahead.
Q-plan | 每季一次，往后排四个季度，避开休息日和成员单位的其他会议；一个季度没有开会，就是一个待办事项。 | One meeting a quarter, four quarters ahead, on working days free of the members' other meetings; a quarter without one is a work item.
Q-topics | 会前征集议题，成员单位都可以提。 | Topics are asked for ahead, and every member may propose some.
Q-agenda | 议程自动生成，通知开会时定下来，连同各案当时的情况。 | The agenda makes itself, and is frozen with the state of each file when the meeting is called.
Q-postpone | 可以改期或者取消，说明理由，历史保留。 | A meeting can be put off or cancelled, with the reason, and its history stays.
Q-hold | 成员单位答复、签到；工会和党组织两方都到、过半数到会，才算召开。 | Members answer and sign in; only with both sides there and more than half of the members is it held.
Q-minutes | 逐项记录结果，全部记完才能送签。 | Each item has its outcome on record before the minutes go to be signed.
Q-sign | 纪要由工会和党组织两方签署；退回修改的，重新签署。 | Both sides sign the minutes; sent back, they are signed anew.
Q-matter | 议定事项有承办方和时限，由人报告、销号；报告的人不销号。 | A matter decided has an owner and a day; people report and clear it, and never the same person both.
Q-next | 下次会议先听取上次议定事项的落实情况。 | The next meeting first hears what became of the last one's decisions.
Q-enterprise | 企业内工会和党组织都在，才有企业联席会议。 | An enterprise has a joint meeting of its own only while union and Party organisation both exist.

# 工会请示报告 | Requests of a union
S-submit | 一文一事，由工会呈送、撤回，由党组织签收。 | One matter in each; the union submits or withdraws it, the Party body acknowledges it.
S-plan | 活动计划由工会起草、党组织研究，上墙公示，逐项登记后总结。 | The union drafts the plan of activities, the Party organisation decides, it hangs on the wall, and is reviewed once its activities are on record.
S-order | 督办单由上级发出，下级签收、反馈，上级核实销号；逾期办结的一直标明逾期。 | A superior issues the order, the body below acknowledges and reports, the superior clears it; what was finished late stays marked late.
S-bulletin | 简报由一人起草、另一人核发，不写个人情况。 | A bulletin is drafted by one person and released by another, and tells of no persons.
S-answer | 按类别答复：报告只能阅知，申请可以同意、部分同意或者不同意。 | The answer fits the kind: a report is noted, what asks for something is granted, in part or not.
"""

#: Rows that no procedure declares, for the engine keeps them for every procedure at once.
ENGINE = {"L-16": "workflows.unfold.Unfolding._pause"}

#: Whatever looks like a row: an id of WORKFLOWS.md, or one that somebody took for one.
ROW_LIKE = re.compile(r"(?<![\w-])(?:[LUJRPNT]-?\d+|[GJNQS]-[A-Za-z]+)(?![\w-])")


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and the rows under it, by id."""

    title: Text
    rows: dict[str, Text]


def sections(table: str = TABLE) -> list[Section]:
    """The table as it stands above. An id that stands twice is a ValueError."""
    found: list[Section] = []
    seen = set[str]()
    for line in filter(None, table.splitlines()):
        first, *rest = (part.strip() for part in line.lstrip("# ").split(" | "))
        if line.startswith("#"):
            found.append(Section(Text(first, *rest), {}))
        elif first in seen:
            raise ValueError(f"{first} stands twice")
        else:
            seen.add(first)
            found[-1].rows[first] = Text(*rest)
    return found


def rows() -> dict[str, Text]:
    """Every row by its id, in the order of the page."""
    return {row: says for section in sections() for row, says in section.rows.items()}


# -- where a row stands ----------------------------------------------------------------------------------


def cited(rule: str) -> list[str]:
    """The rows that a `rule` names; what is no row (an article, a source) is left out.

    >>> cited("U-7; Trade Union Law Art 11; U-8")
    ['U-7', 'U-8']
    """
    return [part for part in rule.split("; ") if ROW_LIKE.fullmatch(part)]


def hidden(rule: str) -> list[str]:
    """The parts of a `rule` that name rows without being an id by itself, and so would be read by nobody.

    >>> hidden("U-7; P-12 to P-17; 2.5 N2; K56")
    ['P-12 to P-17', '2.5 N2']
    """
    return [part for part in rule.split("; ") if ROW_LIKE.search(part) and not ROW_LIKE.fullmatch(part)]


def rules(law: Definition) -> Iterator[tuple[str, str]]:
    """Each place of a procedure, such as `union.nominate`, with its rule."""
    for opening in law.openings:
        yield f"{law.name}.opening:{opening.state}", opening.rule
    for step in law.steps:
        yield f"{law.name}.{step.name}", step.rule
    for term in law.terms:
        yield f"{law.name}.term:{term.name}", term.rule


def in_force(book: LawBook) -> list[Definition]:
    """The newest version of each procedure: what began under an older one is not told here."""
    return [law for law in book.definitions if law is book.current(law.name)]


def places(book: LawBook) -> dict[str, list[str]]:
    """Where each row stands: places by row, in the order of the book."""
    found = {row: [place] for row, place in ENGINE.items()}
    for law in in_force(book):
        for place, rule in rules(law):
            for row in cited(rule):
                found.setdefault(row, []).append(place)
    return {row: list(dict.fromkeys(where)) for row, where in found.items()}


# -- what proves it --------------------------------------------------------------------------------------


def marks(tests: Path = TESTS) -> list[Mark]:
    """Every `@pytest.mark.rule(...)` in the source of the tests."""
    return marked("rule", tests)


# -- the page --------------------------------------------------------------------------------------------

HEAD = """# The law, row by row

规则逐条对照表：每一条写明内容、在程序中的位置、由哪些测试证明。本页由程序生成，请勿手改。

Each rule that this house keeps, where it stands in the law book, and the tests that prove it. This page is generated from
the procedures and the tests by `make law-table`; nobody edits it. A place is `procedure.step`, `procedure.opening:` with the
state in which a proceeding begins, or `procedure.term:` with the name of the term; what the engine does for every procedure
alike is named by its function. Tests are named as they lie below `tests/`.
"""


def page(book: LawBook, found: Iterable[Mark]) -> str:
    """The whole page as Markdown."""
    where, proven = places(book), proofs(found)
    blocks = [HEAD]
    for section in sections():
        lines = [
            f"## {section.title.zh} {section.title.en}\n",
            "| 条 row | 内容 what it says | 位置 where it stands | 证明 proved by |",
            "|---|---|---|---|",
        ]
        for row, says in section.rows.items():
            cells = (row, f"{says.zh}<br>{says.en}", _codes(where.get(row, [])), _codes(proven.get(row, [])))
            lines.append(f"| {' | '.join(cells)} |")
        blocks.append("\n".join(lines) + "\n")
    return "\n".join(blocks)


def _codes(names: Iterable[str]) -> str:
    return "<br>".join(f"`{name}`" for name in names)


if __name__ == "__main__":
    PAGE.write_text(page(law_book(), marks()), "utf-8")
