"""Whoever is refused something stands in the journal with what he asked for, before he is told (S13)."""

import re

from fastapi import Request

from services.access.accounts import bears
from services.access.journal import write_refusal
from services.actor import SERVICE
from services.runtime import Runtime
from workflows.errors import Family, Fault

#: What an address may say of itself in the journal: our own words and ids, and the names of accounts. Anything else may be a
#: person's name or number.
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
    runtime: Runtime = request.app.state.runtime
    try:
        write_refusal(runtime, actor, right, _about(request, runtime), fault.code)
    except Fault as instead:
        return instead
    return fault


def _about(request: Request, runtime: Runtime) -> str:
    address: str = request.scope["route"].path
    for name, value in request.path_params.items():
        if name == "name":
            with runtime.reading(SERVICE) as unit:
                ours = bears(unit, value)
        else:
            ours = isinstance(value, str) and _OURS.fullmatch(value) is not None
        address = re.sub(rf"{{{name}(:\w+)?}}", value if ours else "?", address)
    return f"{request.method} {address}"
