"""Signing in for machines and clients: a bearer token for an account and its password, and a code where one is owed."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from api.deps import RuntimeDep, address, described, json_body
from api.rates import Knock
from api.v1.accounts import told
from api.v1.door_schemas import Credentials, TokenOut
from services.access.sign_in import Owes, renew_password, show_code, sign_in
from services.access.tokens import Purpose
from services.db.again import again
from workflows.errors import Fault

router = APIRouter(prefix="/api/v1", tags=["tokens"])


# Each question is a unit of work of its own, and what was committed for the one is not done again for the next.
@router.post("/tokens", dependencies=[Knock], response_model=TokenOut, openapi_extra=described(Credentials))
def post_token(
    request: Request, runtime: RuntimeDep, said: Annotated[Credentials, Depends(json_body(Credentials))]
) -> dict[str, str | int]:
    """A token, and the seconds it is good for. Wrong and unknown look the same; many wrong ones lock the account.

    Who has an authenticator sends its `code` too, and who was given a password a `new_password` of his own."""
    here = address(request)
    admitted = again(lambda: sign_in(runtime, said.account, said.password, Purpose.ACCESS, here))
    if admitted.owes is Owes.ENROLMENT:
        raise Fault("enrol_first")
    if admitted.owes is Owes.CODE:
        if said.code is None:
            raise Fault("code_needed", field="code")
        half, code = admitted.token, said.code
        admitted = again(lambda: show_code(runtime, half, code, Purpose.ACCESS, here))
    if admitted.owes is Owes.PASSWORD:
        if said.new_password is None:
            raise Fault("password_due", field="new_password")
        due, new = admitted.token, said.new_password
        admitted = again(lambda: renew_password(runtime, due, new, Purpose.ACCESS, here))
    return told(admitted)
