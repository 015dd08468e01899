"""Accounts as their owners and the security administrator handle them: sign-ins, passwords, authenticators, identities."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response

from api.again import Again
from api.deps import RuntimeDep, TokenDep, allowed, described, json_body
from api.v1.door_schemas import (
    CodeIn,
    EnrolmentOut,
    IdentityIn,
    PasswordIn,
    PasswordOut,
    ProofIn,
    SessionsOut,
    TokenOut,
)
from services.access import resets
from services.access.accounts import disable_account
from services.access.sessions import end_session, own_sessions
from services.access.sign_in import Admitted, begin_enrolment, change_password, confirm_enrolment
from services.access.tokens import Purpose
from services.actor import Actor

#: Whatever is done here commits once at most, and then asks the database nothing more.
router = APIRouter(route_class=Again, prefix="/api/v1", tags=["accounts"])

Myself = Annotated[Actor, allowed("credentials.manage")]
Guardian = Annotated[Actor, allowed("accounts.manage")]


@router.get("/sessions", response_model=SessionsOut)
def get_sessions(
    runtime: RuntimeDep, actor: Annotated[Actor, allowed("sessions.read")], token: TokenDep
) -> dict[str, Any]:
    """Where you are signed in, the newest first."""
    with runtime.reading(actor) as unit:
        found = own_sessions(unit, token)
    return {
        "items": [
            {
                "id": one.id,
                "purpose": one.purpose,
                "begun_at": one.begun_at.isoformat(),
                "seen_at": one.seen_at.isoformat(),
                "expires_at": one.expires_at.isoformat(),
                "address": one.address,
                "current": one.current,
            }
            for one in found
        ]
    }


@router.delete("/sessions/{id}", status_code=204)
def delete_session(
    id: str,  # noqa: A002
    runtime: RuntimeDep,
    actor: Annotated[Actor, allowed("sessions.end")],
    token: TokenDep,
) -> Response:
    """One of your sign-ins is over at once; `current` is the one you ask with."""
    with runtime.writing(actor) as unit:
        end_session(unit, id, token)
    return Response(status_code=204)


@router.post("/password", response_model=TokenOut, openapi_extra=described(PasswordIn))
def post_password(
    runtime: RuntimeDep,
    actor: Myself,
    token: TokenDep,
    said: Annotated[PasswordIn, Depends(json_body(PasswordIn))],
) -> dict[str, str | int]:
    """A new password for yourself. Every sign-in is over, this one too; the token that comes back goes on."""
    return told(
        change_password(runtime, token, said.password, said.new_password, Purpose.ACCESS, actor.address)
    )


@router.post("/authenticator", response_model=EnrolmentOut, openapi_extra=described(ProofIn))
def post_authenticator(
    runtime: RuntimeDep, actor: Myself, token: TokenDep, said: Annotated[ProofIn, Depends(json_body(ProofIn))]
) -> dict[str, str]:
    """What to put into an authenticator (TOTP). It counts once its first code was confirmed."""
    enrolment = begin_enrolment(runtime, token, said.password, actor.address)
    return {"secret": enrolment.secret, "address": enrolment.address}


@router.post("/authenticator/confirm", response_model=TokenOut, openapi_extra=described(CodeIn))
def post_confirm(
    runtime: RuntimeDep, actor: Myself, token: TokenDep, said: Annotated[CodeIn, Depends(json_body(CodeIn))]
) -> dict[str, str | int]:
    """From now on a code is asked for. Every sign-in is over, this one too; the token that comes back goes on."""
    return told(confirm_enrolment(runtime, token, said.code, Purpose.ACCESS, actor.address))


@router.post("/accounts/{name}/disable", status_code=204)
def post_disable(name: str, runtime: RuntimeDep, actor: Guardian) -> Response:
    """Nobody acts by this account any more, at once."""
    with runtime.writing(actor) as unit:
        disable_account(unit, name)
    return Response(status_code=204)


@router.post("/accounts/{name}/password", response_model=PasswordOut)
def post_reset(name: str, runtime: RuntimeDep, actor: Guardian) -> dict[str, str]:
    """A password shown once, good for nothing but choosing a new one."""
    with runtime.writing(actor) as unit:
        return {"password": resets.reset_password(unit, name)}


@router.delete("/accounts/{name}/authenticator", status_code=204)
def delete_authenticator(name: str, runtime: RuntimeDep, actor: Guardian) -> Response:
    """The account's authenticator is taken off: for one that was lost."""
    with runtime.writing(actor) as unit:
        resets.take_off_second_factor(unit, name)
    return Response(status_code=204)


@router.delete("/accounts/{name}/sessions", status_code=204)
def delete_sessions(name: str, runtime: RuntimeDep, actor: Guardian) -> Response:
    """Nobody is signed in as this account any more."""
    with runtime.writing(actor) as unit:
        resets.sign_out_everywhere(unit, name)
    return Response(status_code=204)


@router.put("/accounts/{name}/identity", status_code=204, openapi_extra=described(IdentityIn))
def put_identity(
    name: str,
    runtime: RuntimeDep,
    actor: Guardian,
    said: Annotated[IdentityIn, Depends(json_body(IdentityIn))],
) -> Response:
    """Whom the single sign-on calls so may come in as this account."""
    with runtime.writing(actor) as unit:
        resets.bind(unit, name, said.issuer, said.subject)
    return Response(status_code=204)


@router.delete("/accounts/{name}/identity", status_code=204)
def delete_identity(name: str, runtime: RuntimeDep, actor: Guardian) -> Response:
    """Nobody comes in by single sign-on as this account any more."""
    with runtime.writing(actor) as unit:
        resets.unbind(unit, name)
    return Response(status_code=204)


def told(admitted: Admitted) -> dict[str, str | int]:
    """The token as an answer."""
    return {"access_token": admitted.token, "token_type": "bearer", "expires_in": admitted.seconds}
