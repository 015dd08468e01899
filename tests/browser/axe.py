"""axe-core looks at a page: no violation of WCAG 2.2 A and AA, of what a program can find."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

SCRIPT = Path(__file__).parents[2] / ".venv/pages/node_modules/axe-core/axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def violations(page: Page) -> list[str]:
    """Each as its rule and the elements that break it. The script is evaluated from outside, so the page's policy stays as it is."""
    page.evaluate(SCRIPT.read_text("utf-8"))
    found: dict[str, Any] = page.evaluate(
        "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", TAGS
    )
    return [
        f"{one['id']}: {node['html'][:200]} ({node.get('failureSummary', '')[:300]})"
        for one in found["violations"]
        for node in one["nodes"]
    ]
