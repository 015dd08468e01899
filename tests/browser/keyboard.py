"""Somebody without a mouse: she has Tab, the arrows, Enter, Space, letters and the keys that the help page names. Wherever the focus
comes to rest she must be able to see it, and she gives up where she must press Tab too often."""

from datetime import date

from playwright.sync_api import Locator, Page, expect

#: A clerk looks for a control on a page; more often than this she does not press Tab for one.
MOST_TABS = 45

#: What is wrong with the place where the focus is: nothing, if she sees it.
_SEEN = """() => {
  const at = document.activeElement;
  if (!at || at === document.body || at === document.documentElement) return '';
  const style = getComputedStyle(at), box = at.getBoundingClientRect();
  const told = `${at.outerHTML.slice(0, 160)} has the focus `;
  if (style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 2) return told + 'and nobody sees it';
  if (box.width < 2 || box.height < 2) return told + 'and is too small to be seen';
  const inside = box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth;
  if (!inside) return told + 'outside of the screen';
  const x = (Math.max(box.left, 0) + Math.min(box.right, innerWidth)) / 2;
  const y = (Math.max(box.top, 0) + Math.min(box.bottom, innerHeight)) / 2;
  const top = document.elementFromPoint(x, y);
  return !top || at.contains(top) || top.contains(at) ? '' : told + `behind ${top.outerHTML.slice(0, 80)}`;
}"""


class Typist:
    """Her hands on one page. A locator tells what she looks for; only the focus takes her there."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.on("filechooser", lambda _: None)  # or the first chooser opens before anybody listens

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def goes_to(self, wanted: Locator, *, back: bool = False) -> None:
        """The focus is on what is wanted, by Tab alone."""
        passed = list[str]()
        for _ in range(MOST_TABS):
            if self.is_at(wanted):
                return
            self.press("Shift+Tab" if back else "Tab")
            wrong = self._unseen()
            assert not wrong, f"{wrong}, on the way to {wanted} past {passed}"
            passed.append(self.page.evaluate("document.activeElement.innerText?.slice(0, 20)"))
        raise AssertionError(f"{MOST_TABS} times Tab, and never at {wanted}: {passed}")

    def _unseen(self) -> str:
        """What is wrong with where the focus is, once the page has stopped rolling."""
        wrong = ""
        for _ in range(20):
            wrong = self.page.evaluate(_SEEN)
            if not wrong:
                break
            self.page.wait_for_timeout(50)
        return wrong

    def is_at(self, wanted: Locator) -> bool:
        return self.page.locator(":focus").and_(wanted).count() == 1

    def types_into(self, wanted: Locator, text: str) -> None:
        self.goes_to(wanted)
        self.page.keyboard.insert_text(text)
        expect(wanted).to_have_value(text)

    def chooses(self, wanted: Locator, value: str) -> None:
        """The choice of a list, found with the arrow."""
        self.goes_to(wanted)
        for _ in range(wanted.locator("option").count()):
            if wanted.input_value() == value:
                return
            self.press("ArrowDown")
        assert wanted.input_value() == value, f"the arrow never comes to {value}"

    def answers(self, group: Locator, *, yes: bool) -> None:
        """Yes or no: Space takes the first, the arrow the other."""
        self.goes_to(group.get_by_role("radio").first)
        self.press("Space")
        if not yes:
            self.press("ArrowDown")
        expect(group.get_by_role("radio").nth(0 if yes else 1)).to_be_checked()

    def dates(self, wanted: Locator, day: date) -> None:
        """A day, typed part by part in the order in which the browser asks for them."""
        self.goes_to(wanted)
        for parts in (f"{day:%m%d%Y}", f"{day:%Y}\t{day:%m%d}"):
            for part in parts:
                self.press("ArrowRight" if part == "\t" else part)
            if wanted.input_value() == day.isoformat():
                return
            self.press("Shift+Tab")
            self.goes_to(wanted)
        raise AssertionError(f"{wanted.input_value()!r} was typed for {day}")

    def brings(self, wanted: Locator, name: str, content: bytes) -> None:
        """A file, from the chooser that Space opens."""
        self.goes_to(wanted)
        with self.page.expect_file_chooser() as waited:
            self.press("Space")
        waited.value.set_files({"name": name, "mimeType": "text/plain", "buffer": content})
