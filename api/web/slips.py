"""The page behind the code on a notice: the enterprise confirms that it has the paper and says what it means to do.

It is open to whoever holds the sheet. It shows who wrote, under which number and when, and nothing of the file.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response

from api.deps import RuntimeDep, address
from api.rates import scans
from api.web.session import OwnForm, PageRoute, posted, with_fault
from services.db.again import again
from services.documents.slips import answer, look_at
from services.runtime import Runtime
from workflows.errors import Fault
from workflows.papers.answers import ANSWERS

#: In the `dependencies` of both: an address may ask only so often.
Scan: Any = Depends(scans)  # Any: FastAPI's own

router = APIRouter(prefix="/r", route_class=PageRoute, default_response_class=HTMLResponse)


@router.get("/{token}", dependencies=[Scan])
def slip_page(token: str, request: Request, runtime: RuntimeDep) -> Response:
    """The question, or that it has been answered already."""
    return _slip(request, runtime, token)


@router.post("/{token}", dependencies=[Scan, OwnForm])
def reply(
    token: str,
    request: Request,
    runtime: RuntimeDep,
    said: Annotated[dict[str, str], posted("answer")],
) -> Response:
    """The answer is with the body that wrote; or the page again with the reason why it is not."""
    try:
        again(lambda: answer(runtime, token, said["answer"], address(request)))
    except Fault as fault:
        if fault.code not in ("field_choice", "slip_used"):
            raise
        return _slip(request, runtime, token, fault)
    return _slip(request, runtime, token, done=True)


def _slip(
    request: Request, runtime: Runtime, token: str, fault: Fault | None = None, *, done: bool = False
) -> Response:
    slip = look_at(runtime, token)
    return with_fault(
        request,
        "slip.html",
        fault,
        here=f"/r/{token}",
        actor=None,
        token=token,
        slip=slip,
        done=done,
        answers={name: label.as_dict() for name, label in ANSWERS.items()},
    )
