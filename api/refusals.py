"""Whoever is refused something stands in the journal with what he asked for, before he is told (S13)."""

import re

from fastapi import Request

from services.access.journal import write_refusal
from workflows.errors import Family, Fault

#: What an address may say of itself in the journal: our own words and ids. Anything longer may be a person's number.
_OURS = re.compile(r"[a-z_]{1,40}|\d{1,10}")


#: What a fault says of something that is not there, or not for the asker.
_ABSENT = ("not_found", "account_unknown")


def written(request: Request, fault: Fault) -> Fault:
    """The fault to tell. It is `journal_down` where this refusal could not be written down.

    Refused is who may not do it, who asks for what lies outside his jurisdiction or is not there at all, and who sends in an
    office's name what its key did not sign.
    """
    asked = getattr(request.state, "asked", None)
    refused = fault.family is Family.NOT_YOURS or fault.code in _ABSENT or fault.code.startswith("signature_")
    if asked is None or not refused:
        return fault
    actor, right = asked
    try:
        write_refusal(request.app.state.runtime, actor, right, _about(request), fault.code)
    except Fault as instead:
        return instead
    return fault


def _about(request: Request) -> str:
    address: str = request.scope["route"].path
    for name, value in request.path_params.items():
        shown = value if isinstance(value, str) and _OURS.fullmatch(value) else "?"
        address = re.sub(rf"{{{name}(:\w+)?}}", shown, address)
    return f"{request.method} {address}"
