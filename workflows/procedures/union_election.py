"""The rules of a union's election, the first and every later one: who may stand, who meets, what counts (WORKFLOWS 2.2.1)."""

from dataclasses import replace
from datetime import timedelta

from workflows.definition import STAY, Choice, Facts, Field, Situation, State, Step, Work
from workflows.elections import majority, plausible_figures, quorum
from workflows.guards import confirmed, denied, lasted_days, not_after_today
from workflows.procedures.union_guards import members_of
from workflows.roles import PARTY_LOCAL
from workflows.words import Text

#: The forms of the open drawer that are organisations; a liaison is none.
PARTY_ORGANISATIONS = frozenset({"joint_branch", "branch", "general_branch", "primary_committee"})


def _no(name: str, label: Text) -> Field:
    """A question whose usual answer is no, and which may be left out."""
    return Field(name, "yes_no", label, False, required=False)


# -- who stands (G-COMM, G-CHAIR, G-CONCURRENT, G-SIZE) ----------------------------------------------------

CANDIDATE_FIELDS = (
    Field("posts", "integer", Text("应选名额", "Posts"), 3, minimum=1, maximum=100),
    Field("candidate_count", "integer", Text("候选人数", "Candidates"), 4, minimum=1, maximum=200),
    Field(
        "relatives_stand",
        "yes_no",
        Text("有负责人近亲属参选", "A close relative of the principal stands"),
        False,
    ),
    Field(
        "management_stands_for_chair",
        "yes_no",
        Text(
            "行政负责人（含副职）、合伙人及其近亲属、人事负责人或外籍职工参选主席",
            "A manager, partner, their relative, the HR head or a foreign employee stands for chair",
        ),
        False,
    ),
    _no(
        "legal_representative_stands_for_chair",
        Text("法定代表人参选主席", "The legal representative stands for chair"),
    ),
    _no(
        "pay_head_stands_for_chair",
        Text("劳动工资负责人参选主席", "The head of labour and wages stands for chair"),
    ),
    _no(
        "secretary_is_chair_candidate",
        Text("党组织书记参选主席", "The Party secretary stands for chair"),
    ),
    _no(
        "secretary_is_owner",
        Text("该书记是业主或者总经理", "That secretary is the owner or the general manager"),
    ),
    _no(
        "outside_candidate",
        Text(
            "有上级工会推荐的本单位以外人选",
            "A candidate from outside, recommended by the superior union, stands",
        ),
    ),
    Field("published_from", "date", Text("公示开始日", "Published from"), -8, minimum=-3650, maximum=0),
    Field("published_to", "date", Text("公示结束日", "Published to"), 0, minimum=-3650, maximum=0),
)

#: Whom a place may bar from the chair beyond what the nation does, and what the clerk is told.
_BARRED_LOCALLY = {
    "legal_representative": Text(
        "本地规定法定代表人不得作为工会主席人选，请另提人选。",
        "Here a legal representative may not stand for chair; nominate somebody else.",
    ),
    "pay_head": Text(
        "本地规定劳动工资负责人不得作为工会主席人选，请另提人选。",
        "Here the head of labour and wages may not stand for chair; nominate somebody else.",
    ),
}


def _barred_locally(situation: Situation) -> Text | None:
    barred = situation.policy.words("union.chair.barred")
    for who, why in _BARRED_LOCALLY.items():
        if who in barred and situation.yes(f"{who}_stands_for_chair"):
            return why
    return None


def _no_owner_in_both_posts(situation: Situation) -> Text | None:
    """A Party secretary may be chair as well, unless the secretary is whom the union bargains with."""
    if not (situation.yes("secretary_is_chair_candidate") and situation.yes("secretary_is_owner")):
        return None
    return Text(
        "书记是业主或者总经理的，不得兼任工会主席，请另提人选。",
        "A secretary who is the owner or general manager may not be chair as well; nominate somebody else.",
    )


def _more_candidates_than_posts(situation: Situation) -> Text | None:
    posts, candidates = situation.number("posts"), situation.number("candidate_count")
    share = situation.policy.number("union.elect.surplus_percent")
    if candidates > posts and (candidates - posts) * 100 >= posts * share:
        return None
    return Text(
        "候选人应多于应选名额，差额不少于{share}%。", "Candidates must outnumber posts by at least {share} %."
    ).filled(share=share)


def posts_fit_the_members(situation: Situation) -> Text | None:
    members = members_of(situation)
    low, high = situation.policy.band("union.committee.sizes", members or 0)
    if members is None or low <= situation.number("posts") <= high:
        return None
    return Text(
        "会员{members}人，委员会应选{low}至{high}人，请改正应选名额。",
        "With {members} members the committee has {low} to {high} posts; correct their number.",
    ).filled(members=members, low=low, high=high)


CANDIDATE_GUARDS = (
    denied(
        "relatives_stand",
        Text(
            "企业主要负责人的近亲属不得作为委员人选（工会法第十条）。",
            "Close relatives of the principal may not stand (Trade Union Law Art 10).",
        ),
    ),
    denied(
        "management_stands_for_chair",
        Text("行政负责人等不得作为主席候选人。", "Managers and the like may not stand for chair."),
    ),
    _barred_locally,
    _no_owner_in_both_posts,
    posts_fit_the_members,
    _more_candidates_than_posts,
    not_after_today("published_to", Text("公示还没有结束。", "The publication is not over yet.")),
    lasted_days(
        "published_from",
        "published_to",
        "union.candidate.publicity_days",
        Text(
            "公示应满{days}日，最早{earliest}结束。",
            "Publication lasts {days} days; it ends {earliest} at the earliest.",
        ),
    ),
)


def usual_candidates(situation: Situation) -> Facts:
    """As few posts as the members call for, and one candidate more, or the surplus that the place asks for."""
    members = members_of(situation)
    if members is None:
        return _published(situation)
    posts, _ = situation.policy.band("union.committee.sizes", members)
    return {**_standing_for(posts, situation), **_published(situation)}


def _standing_for(posts: int, situation: Situation) -> Facts:
    surplus = -(-posts * situation.policy.number("union.elect.surplus_percent") // 100)
    return {"posts": posts, "candidate_count": posts + max(1, surplus)}


def _published(situation: Situation) -> Facts:
    days = situation.policy.number("union.candidate.publicity_days")
    return {"published_from": (situation.today - timedelta(days=days)).isoformat()}


# -- the examination by the enterprise's own Party organisation (U-11, U-12) --------------------------------


def party_organisation_stands(situation: Situation) -> bool:
    return situation.word("party_form") in PARTY_ORGANISATIONS


def awaits_the_party(situation: Situation) -> bool:
    """Has the enterprise's Party organisation still to say what it thinks of the candidates?"""
    return party_organisation_stands(situation) and situation.facts.get("party_agrees") is None


EXAMINE = Work(
    PARTY_LOCAL,
    Text("审查工会候选人", "Examine the union's candidates"),
    Text("候选人等企业党组织审查", "the enterprise's Party organisation has yet to examine the candidates"),
    when=awaits_the_party,
)


def examined_by_the_party_first(state: State) -> State:
    """Where a Party organisation stands, everybody waits for its opinion before what else is due here."""
    later = replace(state.works[0], when=lambda situation: not awaits_the_party(situation))
    return replace(state, work=EXAMINE, also=(later,))


def party_organisation_changed(*sources: str) -> Step:
    """Whether there is a Party organisation to be asked may change while the candidates are being examined."""
    return Step(
        name="party_organisation_changed",
        sources=sources,
        target=STAY,
        label=Text("企业党组织有变化", "The Party organisation changed"),
        says=Text(
            "企业党组织有变化，候选人审查随之安排", "The Party organisation changed; the examination follows"
        ),
        rule="U-11; U-12",
        on=("party.formed", "party.adjusted", "party.dissolved"),
    )


def has_party_organisation(situation: Situation) -> Text | None:
    if party_organisation_stands(situation):
        return None
    return Text(
        "企业还没有党组织，候选人由上级工会审查即可。",
        "The enterprise has no Party organisation; the superior union examines the candidates alone.",
    )


def not_examined_yet(_: Situation) -> Facts:
    """New candidates are examined anew, whatever was said of those before them."""
    return {"party_agrees": None}


_AWAIT_PARTY = Text(
    "企业已有党组织，候选人须经党组织审查；请等党组织一方登记意见。",
    "The enterprise has a Party organisation, which must examine the candidates first; await its opinion.",
)


def party_has_spoken(situation: Situation) -> Text | None:
    """Where both examine, nothing is decided before the enterprise's own Party organisation has said what it thinks."""
    spoken = not party_organisation_stands(situation) or situation.facts.get("party_agrees") is not None
    return None if spoken else _AWAIT_PARTY


def party_has_agreed(situation: Situation) -> Text | None:
    """Both examine, where both are there: the superior's consent alone is not enough (企业工会主席产生办法 Art 11)."""
    if not party_organisation_stands(situation) or situation.yes("party_agrees"):
        return None
    if situation.facts.get("party_agrees") is False:
        return Text(
            "企业党组织不同意这些候选人，请退回重新提名。",
            "The enterprise's Party organisation does not agree; send them back to be nominated anew.",
        )
    return _AWAIT_PARTY


# -- who meets, and what counts (G-MEET, G-DELEGATES, G-VOTE) ------------------------------------------------

_ENTITLED = Field("entitled", "integer", Text("应到人数", "Entitled to vote"), 30, minimum=1)
_PRESENT = Field("present", "integer", Text("实到人数", "Present"), 28, minimum=1)
_VOTES = Field("votes_for", "integer", Text("当选者最低得票数", "Fewest votes of anyone elected"), 26)
_SECRET = Field("secret_ballot", "yes_no", Text("无记名投票", "Secret ballot"), True)
_HELD_ON = Field("held_on", "date", Text("大会日期", "Date of the meeting"), 0, minimum=-3650, maximum=0)
_TERM_YEARS = Field(
    "term_years", "integer", Text("任期（年）", "Term of office (years)"), 3, required=False, maximum=10
)
_MEETING = Field(
    "meeting",
    "choice",
    Text("大会形式", "Kind of meeting"),
    "general",
    choices=(
        Choice("general", Text("会员大会", "All members")),
        Choice("delegates", Text("会员代表大会", "Delegates")),
    ),
)
_DELEGATES = Field(
    "delegates",
    "integer",
    Text("代表人数（开会员大会填0）", "Delegates (0 where all members meet)"),
    0,
    required=False,
)
_CHAIR_CHOSEN_BY = Field(
    "chair_chosen_by",
    "choice",
    Text("主席怎样产生", "How the chair was chosen"),
    "meeting",
    required=False,
    choices=(
        Choice("meeting", Text("大会选举", "Elected by the meeting")),
        Choice("committee", Text("委员会选举", "Elected by the committee")),
        Choice("owner", Text("业主聘任或者指定", "Engaged or named by the owner")),
    ),
)

#: A vote of the members or their delegates on anything: who met, who came, who was for it.
VOTE_FIELDS = (_MEETING, _DELEGATES, _ENTITLED, _PRESENT)
ELECTION_FIELDS = (_HELD_ON, *VOTE_FIELDS, _VOTES, _SECRET, _TERM_YEARS, _CHAIR_CHOSEN_BY)
ORGANISER_ELECTION_FIELDS = (_HELD_ON, _ENTITLED, _PRESENT, _VOTES, _SECRET, _TERM_YEARS)


def _meeting_may_be_held_so(situation: Situation) -> Text | None:
    members, found = situation.number("union_members"), situation.number("delegates")
    start = situation.policy.number("union.delegates.from")
    low, high = situation.policy.band("union.delegates.sizes", members)
    if situation.word("meeting") != "delegates":
        if not found:
            return None
        return Text(
            "开会员大会的没有代表，代表人数请填0。",
            "Where all members meet there are no delegates; enter 0.",
        )
    if members < start:
        return Text(
            "会员{members}人，不足{start}人的应开会员大会。",
            "With {members} members, fewer than {start}, all members meet.",
        ).filled(members=members, start=start)
    if low <= found <= high:
        return None
    return Text(
        "会员{members}人，代表应为{low}至{high}人，请核对。",
        "With {members} members there are {low} to {high} delegates; check their number.",
    ).filled(members=members, low=low, high=high)


def _entitled_are_those_who_should_come(situation: Situation) -> Text | None:
    """All members, or all delegates. Where nobody has recorded the members, there is nothing to compare with."""
    by_delegates = situation.word("meeting") == "delegates"
    due = situation.number("delegates") if by_delegates else members_of(situation)
    if due is None or situation.number("entitled") == due:
        return None
    return Text(
        "应到人数应等于{who_zh}人数{due}，请核对。",
        "Those entitled are the {due} {who_en}; check the number.",
    ).filled(
        due=due, who_zh="代表" if by_delegates else "会员", who_en="delegates" if by_delegates else "members"
    )


def _not_more_than_work_there(situation: Situation) -> Text | None:
    headcount = situation.facts.get("headcount")
    if not isinstance(headcount, int) or situation.number("entitled") <= headcount:
        return None
    return Text(
        "应到人数多于从业人数{found}，请核对。",
        "More are entitled than the {found} who work there; check the figures.",
    ).filled(found=headcount)


def _held_after_publication(situation: Situation) -> Text | None:
    held, published = situation.day("held_on"), situation.day("published_to")
    if held is None or published is None or held >= published:
        return None
    return Text(
        "大会不能早于候选人公示结束日{day}。",
        "The meeting cannot precede the end of the candidates' publication, {day}.",
    ).filled(day=published)


def _held_after_registration(situation: Situation) -> Text | None:
    held, registered = situation.day("held_on"), situation.day("registered_on")
    if held is None or registered is None or held >= registered:
        return None
    return Text(
        "大会不能早于企业登记日{day}，请核对。",
        "The meeting cannot precede the enterprise's registration, {day}; check the date.",
    ).filled(day=registered)


def _term_of_office_is_lawful(situation: Situation) -> Text | None:
    """Nothing said is the place's usual term."""
    lawful, found = situation.policy.words("term.union.years"), situation.facts.get("term_years")
    if found is None or str(found) in lawful:
        return None
    return Text("任期应为{zh}年，请改正。", "The term of office is {en} years; correct it.").filled(
        zh="或者".join(lawful), en=" or ".join(lawful)
    )


def _chair_was_elected(situation: Situation) -> Text | None:
    if situation.word("chair_chosen_by") != "owner":
        return None
    return Text(
        "主席须由选举产生，业主聘任或者指定无效；请依法选举，凭选举记录登记。",
        "A chair is elected; one engaged or named by the owner is none. Hold the election and bring its record.",
    )


_SECRETLY = confirmed(
    "secret_ballot", Text("选举应采用无记名投票。", "The election must be by secret ballot.")
)
_QUORUM = quorum(
    "union.elect.quorum",
    Text(
        "到会人数不足应到的{share}，选举无效，请登记“选举未成”。",
        "Fewer than {share} of those entitled were present: record the election as void.",
    ),
)
_MAJORITY = majority(
    Text(
        "得票未超过应到人数的一半，请登记“选举未成”。",
        "Not more than half of those entitled voted in favour: record the election as void.",
    )
)
_FIGURES = (_entitled_are_those_who_should_come, _not_more_than_work_there, plausible_figures)

ORGANISER_ELECTION_GUARDS = (
    _SECRETLY,
    _held_after_registration,
    *_FIGURES,
    _QUORUM,
    _MAJORITY,
    _term_of_office_is_lawful,
)
ELECTION_GUARDS = (
    _chair_was_elected,
    _SECRETLY,
    _held_after_publication,
    _held_after_registration,
    _meeting_may_be_held_so,
    *_FIGURES,
    _QUORUM,
    _MAJORITY,
    _term_of_office_is_lawful,
)
#: A chair goes only by more than half of all members or delegates, not of those who came (Trade Union Law Art 18).
REMOVAL_FIELDS = (
    Field("removed_on", "date", Text("大会日期", "Date of the meeting"), 0, minimum=-3650, maximum=0),
    *VOTE_FIELDS,
    Field("votes_for", "integer", Text("赞成罢免的票数", "Votes for the removal"), 26),
)
REMOVAL_GUARDS = (
    _meeting_may_be_held_so,
    *_FIGURES,
    majority(
        Text(
            "赞成未超过全体会员或者代表的一半，主席不得罢免。",
            "Not more than half of all members or delegates voted for it; the chair is not removed.",
        )
    ),
)


def everybody_came(situation: Situation) -> Facts:
    """What a form shows as its example: all members met, and all were of one mind."""
    members = members_of(situation)
    came = dict.fromkeys(("entitled", "present", "votes_for"), members) if members else {}
    return {**came, "term_years": int(situation.policy.words("term.union.years")[0])}


def one_post_filled(situation: Situation) -> Facts:
    """A by-election: one post, and all came."""
    return {**_standing_for(1, situation), **_published(situation), **everybody_came(situation)}
