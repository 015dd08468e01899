"""What every formation track does when the enterprise itself ends: deregistered or revoked (L-17, U-22, P-18)."""

from workflows.definition import Facts, Guard, State, Step
from workflows.words import Text

GONE = ("registry.deregistered", "registry.revoked")


def closes(*sources: str) -> Step:
    """The track ends by itself, because there is nothing left to form. Never used where an organisation exists."""
    return Step(
        name="enterprise_ended",
        sources=sources,
        target="enterprise_gone",
        label=Text("企业注销或被吊销", "Enterprise deregistered or its licence revoked"),
        says=Text(
            "企业已注销或被吊销，本程序终止",
            "The enterprise was deregistered or its licence revoked; this track ends",
        ),
        rule="L-17; U-22; P-18",
        on=GONE,
    )


def gone(publishes: Facts | None = None) -> State:
    """Where `closes` leads."""
    label = Text("企业已注销或被吊销", "Enterprise gone")
    return State("enterprise_gone", label, settled=True, final=True, publishes=publishes or {})


def winds_up(*sources: str, guards: tuple[Guard, ...] = ()) -> Step:
    """The organisation still stands; people wind it up. The machine dissolves nothing (CONDUCT.md 5.2-11)."""
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
        on=GONE,
        guards=guards,
    )
