"""Asks, judges every answer by the oracle, and counts. What there is to ask stands in the modules beside this one."""

import re
from collections.abc import Iterable
from io import BytesIO
from random import Random
from typing import Any

from httpx2 import Response
from python_calamine import CalamineWorkbook

from tests.api.scope.oracle import knows, status
from tests.api.scope.world import Who, World
from tests.builders import Counter


class Asker:
    """The counter before one who asks at random."""

    def __init__(self, counter: Counter, world: World, chance: Random) -> None:
        self.counter, self.world, self.chance = counter, world, chance
        self.checks = self.requests = 0
        self.leaks: list[str] = []
        self.asked: set[tuple[str, str]] = set()

    def ask(self, who: Who, method: str, address: str, *words: object, **more: Any) -> Response:
        """The answer, which must not tell of any file that he may not know of. `Any`: whatever httpx2 takes."""
        self.asked.add((method, address))
        path = address
        for word in words:
            path = re.sub(r"{[^}]+}", str(word), path, count=1)
        if not address.startswith("/api/"):
            more["headers"] = self._cookie(who) | more.get("headers", {})
            answer = self.counter.client.request(method, path, **more)
        else:
            headers = self.counter.headers(who.account) | more.pop("headers", {})
            answer = self.counter.client.request(method, path, headers=headers, **more)
        self.requests += 1
        for number in set(re.findall(r"某(\d{4})号", answer.text)):
            file = self.world.files[int(number) - 1]
            by_law = address.startswith("/api/v1/openings") and file.division[:6] == who.division[:6]
            self.check(knows(who, file) or by_law, f"{who.account} {method} {path} tells of {file}")
        self.check(answer.status_code < 500, f"{who.account} {method} {path}: {answer.status_code}")
        return answer

    def check(self, right: bool, otherwise: str) -> None:
        self.checks += 1
        if not right:
            self.leaks.append(otherwise)

    def same(self, found: Iterable[object], wanted: Iterable[object], of: int, what: str) -> None:
        """A list holds exactly what it must: one check for everything that it could hold."""
        found, wanted = list(found), list(wanted)
        self.check(found == wanted, f"{what}: {found} and not {wanted}")
        self.checks += max(0, of - 1)

    def is_told(
        self, who: Who, right: str, there: bool, method: str, address: str, *words: object, **more: Any
    ) -> Any:
        """The answer's JSON where it is his, else nothing. `Any`: JSON, and what httpx2 takes."""
        answer, wanted = self.ask(who, method, address, *words, **more), status(who, right, there)
        got = 200 if answer.status_code not in (403, 404) else answer.status_code
        self.check(got == wanted, f"{who} {method} {address} {words}: {answer.status_code} and not {wanted}")
        return (
            answer.json() if answer.status_code == 200 and "json" in answer.headers["content-type"] else None
        )

    def pages(self, who: Who, right: str, address: str, **asked: str) -> list[dict[str, Any]] | None:
        """Every page of a list, by its cursors. `Any`: JSON."""
        items: list[dict[str, Any]] = []
        page = self.is_told(who, right, True, "GET", address, params=asked)
        while page is not None:
            items += page["items"]
            if not page["next"]:
                return items
            page = self.is_told(who, right, True, "GET", address, params=asked | {"cursor": page["next"]})
        return None

    def taken_out(
        self, who: Who, right: str, there: bool, address: str, **asked: str
    ) -> list[list[str]] | None:
        """The rows of the workbook, if he is given one."""
        answer = self.ask(who, "GET", address, params=asked)
        allowed = answer.status_code == status(who, right, there)
        self.check(allowed, f"{who} takes out {address}: {answer.status_code}")
        if answer.status_code != 200:
            return None
        sheet = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0)
        return [[str(cell) for cell in row] for row in sheet.to_python()[3:]]

    def shows(self, who: Who, right: str, address: str, wanted: Iterable[str], **params: str) -> None:
        """A page of a list by codes shows exactly these, as far as a page goes."""
        answer = self.ask(who, "GET", address, params=params)
        self.check(answer.status_code == status(who, right, True), f"{who} {address}: {answer.status_code}")
        if answer.status_code == 200:
            shown = re.findall(r"<small>([a-z]+\.[0-9]+)</small>", answer.text)
            every = [one.account for one in self.world.people]
            self.same(shown, sorted(wanted)[:50], len(every), f"{who} {address}")

    def _cookie(self, who: Who) -> dict[str, str]:
        token = self.counter.headers(who.account)["Authorization"].partition(" ")[2]
        return {"Cookie": f"gongjian_session={token}"}
