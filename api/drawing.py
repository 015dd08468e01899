"""Graphviz's `dot` draws what the law says; a machine without it draws nothing, and says so."""

import shutil
import subprocess
from functools import lru_cache

from workflows.words import Text

#: So long a drawing may take; the largest procedure takes less than one second.
PATIENCE_SECONDS = 20

_NO_GRAPHVIZ = Text(
    "画SVG需要Graphviz的dot程序：请安装graphviz（Debian：apt install graphviz），或改用 --format mermaid。",
    "SVG needs Graphviz's dot: install graphviz (Debian: apt install graphviz), or use --format mermaid.",
)
_FAILED = Text("dot没能画出来：{why}", "dot could not draw it: {why}")


class NotDrawn(Exception):
    """Why there is no drawing: `code`, and `text` in both languages."""

    def __init__(self, code: str, text: Text) -> None:
        self.code, self.text = code, text
        super().__init__(text.en)


@lru_cache(maxsize=1)
def can_draw() -> bool:
    """Whether this machine has the program; asked once a process."""
    return shutil.which("dot") is not None


def svg(text: str) -> str:
    """Graphviz text, drawn. NotDrawn where it cannot be."""
    program = shutil.which("dot")
    if program is None:
        raise NotDrawn("graphviz_missing", _NO_GRAPHVIZ)
    try:
        ran = subprocess.run(
            [program, "-Tsvg"],
            input=text.encode(),
            capture_output=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as slow:
        raise NotDrawn("graphviz_failed", _FAILED.filled(why=str(slow.timeout))) from slow
    if ran.returncode:
        why = ran.stderr.decode(errors="replace").strip().splitlines() or ["?"]
        raise NotDrawn("graphviz_failed", _FAILED.filled(why=why[0]))
    return ran.stdout.decode()


#: The same, kept: a state of a procedure looks the same in every case.
kept_svg = lru_cache(maxsize=500)(svg)
