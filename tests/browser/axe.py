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


#: Elements and what they are dressed in, part by part; without words, numbers and addresses, and of neighbours that are alike, one.
_SHAPE = """() => [...document.querySelectorAll('body > *')].map(part => {
  const shape = node => {
    if (node.nodeType !== 1) return node.textContent.trim() ? '.' : '';
    const said = [...node.attributes]
      .filter(one => !['href', 'action', 'value', 'id', 'for', 'name', 'title'].includes(one.name))
      .map(one => one.name + '=' + (/^(aria-(label|describedby|labelledby)|data-.*|hx-.*|datetime)$/.test(one.name) ? '' : one.value));
    const inside = [...node.childNodes].map(shape).filter((one, n, all) => one && one !== all[n - 1]);
    return `<${node.tagName} ${said.sort().join(' ')}>${inside.join('')}</>`;
  };
  return shape(part);
})"""


class Eye:
    """Looks at a page unless all of its parts have been looked at in the same shape before: ten cases that differ in their words alone
    break the same rules, and axe takes a second over each."""

    def __init__(self) -> None:
        self._seen: set[str] = set()
        self.looked = self.passed = 0

    def violations(self, page: Page) -> list[str]:
        parts = set(page.evaluate(_SHAPE))
        if parts <= self._seen:
            self.passed += 1
            return []
        self._seen |= parts
        self.looked += 1
        return violations(page)
