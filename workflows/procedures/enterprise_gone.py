"""What every formation track does when the enterprise itself ends, or leaves for where this system does not reach (L-17, L-18, U-22, P-18).

An enterprise ends when it is deregistered, when its licence is revoked, and when it merges into another: a merged
enterprise is no longer an employer, so where nothing stands yet there is nothing left to form, and its workers are
counted where they work now. A split ends nobody here: the enterprise that goes on keeps its file and everything in it, and a new
one comes with its own registration; what becomes of a union after either is decided by people (U-23).
"""

from workflows.definition import Facts, Guard, State, Step
from workflows.words import Text

GONE = ("registry.deregistered", "registry.revoked")
MERGED = "registry.merged"
#: Said by the relocation of the same file, when a person has handed it over outside this system.
LEFT = "relocation.left"


def closes(*sources: str, guards: tuple[Guard, ...] = (), on: tuple[str, ...] = (*GONE, MERGED)) -> Step:
    """The track ends by itself, because there is nothing left to form. Where an organisation might exist, `guards` ask first."""
    return Step(
        name="enterprise_ended",
        sources=sources,
        target="enterprise_gone",
        label=Text("企业注销、被吊销或者被合并", "Enterprise deregistered, revoked or merged away"),
        says=Text(
            "企业已注销、被吊销或者并入其他企业，本程序终止",
            "The enterprise was deregistered, lost its licence or merged into another; this track ends",
        ),
        rule="L-17; U-22; P-18",
        on=on,
        guards=guards,
    )


def gone(publishes: Facts | None = None) -> State:
    """Where `closes` leads."""
    label = Text("企业已终止", "Enterprise gone")
    return State("enterprise_gone", label, settled=True, final=True, publishes=publishes or {})


def leaves(*sources: str, guards: tuple[Guard, ...] = ()) -> Step:
    """The file was handed over, on receipt, to a body outside this system (relocation). The organisations live on there, and
    what is read here is history: nothing runs and nobody is waited for."""
    return Step(
        name="handed_over_elsewhere",
        sources=sources,
        target="transferred",
        label=Text("移交外地", "Handed over elsewhere"),
        says=Text(
            "企业迁往本系统以外，随案卷移交",
            "The enterprise moved to where this system does not reach; this was handed over with its file",
        ),
        rule="L-18; U-24; P-18",
        on=(LEFT,),
        guards=guards,
    )


def elsewhere(publishes: Facts | None = None) -> State:
    """Where `leaves` leads."""
    label = Text("已移交外地", "Handed over elsewhere")
    return State("transferred", label, settled=True, final=True, publishes=publishes or {})


def winds_up(*sources: str, guards: tuple[Guard, ...] = (), on: tuple[str, ...] = GONE) -> Step:
    """The organisation still stands; people wind it up. The machine dissolves nothing (CONDUCT.md 5.2-11).

    A merger is not among the causes unless the track says so in `on`: an organisation may live on in another form.
    """
    return Step(
        name="wind_up",
        sources=sources,
        target="winding_up",
        label=Text("企业终止，转入善后", "Enterprise ended; to be wound up"),
        says=Text(
            "企业已终止，组织转入善后，等待上级决定",
            "The enterprise ended; the organisation awaits its superior's decision",
        ),
        rule="U-22; P-18",
        on=on,
        guards=guards,
    )
