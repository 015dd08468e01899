"""A procedure drawn: Mermaid and Graphviz text from the declaration itself, so it never lags behind."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from workflows.definition import STAY, Definition, Step
from workflows.errors import LawError
from workflows.words import Text

AUTOMATIC = Text("（自动）", " (automatic)")

_FONTS = "Noto Sans CJK SC,Source Han Sans SC,Microsoft YaHei,PingFang SC,sans-serif"
_CURRENT, _SETTLED, _PLAIN = "#ffe08a", "#e3f4e3", "#ffffff"


@dataclass(frozen=True, slots=True)
class Arrow:
    """One step from one of its sources to where it leads."""

    source: str
    target: str
    step: Step

    @property
    def words(self) -> Text:
        label = self.step.label
        return label if self.step.by else Text(label.zh + AUTOMATIC.zh, label.en + AUTOMATIC.en)

    @property
    def label(self) -> str:
        return self.words.zh


def arrows(law: Definition) -> Iterator[Arrow]:
    """Every way from state to state, in the order declared; a step that stays leads back to its source."""
    for step in law.steps:
        for source in step.sources:
            yield Arrow(source, source if step.target == STAY else step.target, step)


def mermaid(law: Definition, *, current: str | None = None) -> str:
    """A Mermaid state diagram with Chinese labels; the `current` state stands out."""
    lines = [
        "stateDiagram-v2",
        f"    %% {law.name} v{law.version}: {law.label.zh} / {law.label.en}",
        "    direction TB",
    ]
    lines += [f'    state "{_mermaid(state.label.zh)}" as {_id(state.name)}' for state in law.states]
    lines += [f"    [*] --> {_id(one.state)} : {_mermaid(one.says.zh)}" for one in law.openings]
    lines += [f"    {_id(one.source)} --> {_id(one.target)} : {_mermaid(one.label)}" for one in arrows(law)]
    lines += [f"    {_id(state.name)} --> [*]" for state in law.states if state.final]
    if current is not None:
        _known(law, current)
        lines += [f"    classDef current fill:{_CURRENT},stroke:#8a6d00", f"    class {_id(current)} current"]
    return "\n".join(lines) + "\n"


def dot(law: Definition, *, current: str | None = None, language: Literal["zh", "en"] = "zh") -> str:
    """Graphviz text: final states doubly framed, settled green, `current` yellow; automatic steps dashed."""

    def said(text: Text) -> str:
        return _quoted(text.zh if language == "zh" else text.en)

    lines = [
        f"digraph {_quoted(law.name)} {{",
        f"  label={said(law.label)}; labelloc=t; rankdir=TB;",
        f"  graph [fontname={_quoted(_FONTS)}, fontsize=16];",
        f'  node [shape=box, style="rounded,filled", fontname={_quoted(_FONTS)}, fontsize=11];',
        f"  edge [fontname={_quoted(_FONTS)}, fontsize=9];",
    ]
    if current is not None:
        _known(law, current)
    for state in law.states:
        fill = _CURRENT if state.name == current else _SETTLED if state.settled else _PLAIN
        frames = 2 if state.final else 1
        about = f"label={said(state.label)}, fillcolor={_quoted(fill)}, peripheries={frames}"
        lines.append(f"  {_quoted(state.name)} [{about}];")
    for index, opening in enumerate(law.openings):
        lines.append(f'  "start {index}" [shape=circle, label="", width=0.2, fillcolor="#333333"];')
        lines.append(f'  "start {index}" -> {_quoted(opening.state)} [label={said(opening.says)}];')
    for one in arrows(law):
        style = "" if one.step.by else ", style=dashed"
        lines.append(f"  {_quoted(one.source)} -> {_quoted(one.target)} [label={said(one.words)}{style}];")
    return "\n".join([*lines, "}"]) + "\n"


def _known(law: Definition, state: str) -> None:
    if state not in law.state:
        raise LawError(f"{law.name} v{law.version} has no state {state}")


def _id(state: str) -> str:
    """A name that is no word of Mermaid's own."""
    return f"s_{state}"


def _mermaid(text: str) -> str:
    """Marks that Mermaid would take for its own are written in their Chinese form."""
    return text.translate(str.maketrans(':;"#<>\n', "：；”＃＜＞ "))


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
