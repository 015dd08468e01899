"""`gongjian diagram`: a procedure drawn from its declaration."""

from enum import StrEnum
from typing import Annotated

import typer

from api.cli.desk import USAGE, AsJson, Refusal, desk
from api.drawing import NotDrawn, svg
from workflows.bpmn import bpmn
from workflows.diagrams import dot, mermaid
from workflows.errors import LawError
from workflows.registry import law_book
from workflows.words import Text

_NO_STATE = Text("程序“{name}”没有“{state}”这个环节。", "Procedure “{name}” has no state “{state}”.")


class Format(StrEnum):
    """How it is drawn."""

    MERMAID = "mermaid"
    SVG = "svg"
    BPMN = "bpmn"


def diagram(
    procedure: Annotated[str, typer.Argument(help="程序名，如 union、party。A procedure's name.")],
    format_: Annotated[Format, typer.Option("--format", help="格式。How to draw it.")] = Format.MERMAID,
    current: Annotated[str | None, typer.Option(help="标出的环节。A state to mark.")] = None,
    as_json: AsJson = False,
) -> None:
    """画出一个程序的流程图。A procedure, drawn."""
    with desk(as_json=as_json) as here:
        law = law_book().current(procedure)
        try:
            match format_:
                case Format.MERMAID:
                    drawn = mermaid(law, current=current)
                case Format.BPMN:
                    drawn = bpmn(law, current=current)
                case Format.SVG:
                    drawn = svg(dot(law, current=current))
        except LawError as unknown:
            raise Refusal(
                "state_unknown", _NO_STATE.filled(name=law.name, state=current), exit_code=USAGE
            ) from unknown
        except NotDrawn as why:
            raise Refusal(why.code, why.text) from why
        about = {"procedure": law.name, "version": law.version, "format": format_.value}
        here.done(about | {"text": drawn}, drawn.rstrip("\n"))
