"""Channels over which bodies are told that something waits, and who keeps them."""

import re

from tests.api.scope.asker import Asker
from tests.api.scope.oracle import RIGHTS, covers, status
from tests.api.scope.world import Who


def keepers(asker: Asker, who: Who) -> None:
    """Channels of the bodies in his divisions, for who keeps them; and deeds that would change nothing."""
    right, base = "channels.manage", "/admin/channels/{id}"
    answer = asker.ask(who, "GET", "/admin/channels")
    asker.check(answer.status_code == status(who, right, True), f"{who} channels: {answer.status_code}")
    if answer.status_code == 200:
        shown = [int(one) for one in re.findall(r'href="/admin/channels/(\d+)"', answer.text)]
        mine = [one.id for one in reversed(asker.world.channels) if covers(who.division, one.body.division)]
        asker.same(shown, mine, len(asker.world.channels), f"{who} channels")
    one = asker.chance.choice(asker.world.channels)
    there = covers(who.division, one.body.division)
    asker.is_told(who, right, there, "GET", base, one.id)
    asker.is_told(who, right, False, "GET", base, 10**9)
    for act, words in (
        ("/off", ()),
        ("/on", ()),
        ("/{delivery}/retry", (one.id,)),
        ("/{delivery}/drop", (one.id,)),
    ):
        if not there or who.kind not in RIGHTS[right]:
            asker.is_told(who, right, False, "POST", base + act, one.id, *words)
    answer = asker.ask(who, "POST", base + "/test", one.id)
    wanted = 409 if status(who, right, there) == 200 else status(who, right, there)
    asker.check(answer.status_code == wanted, f"{who} tries {one}: {answer.status_code}")
    said = {"body": one.body.account, "kind": "pigeon"}
    answer = asker.ask(who, "POST", "/admin/channels", data=said)
    wanted = 400 if status(who, right, there) == 200 else 403
    asker.check(answer.status_code == wanted, f"{who} adds for {one}: {answer.status_code}")
