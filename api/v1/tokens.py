"""Signing in for machines and clients: a bearer token for an account and its password."""

from typing import Annotated

from fastapi import APIRouter, Depends

from api.deps import RuntimeDep, described, json_body
from api.v1.schemas import Credentials, TokenOut
from services.access.sign_in import sign_in
from services.access.tokens import Purpose

router = APIRouter(prefix="/api/v1", tags=["tokens"])


@router.post("/tokens", response_model=TokenOut, openapi_extra=described(Credentials))
def post_token(
    runtime: RuntimeDep, said: Annotated[Credentials, Depends(json_body(Credentials))]
) -> dict[str, str | int]:
    """A token, and the seconds it is good for. Wrong and unknown look the same; many wrong ones lock
    the account."""
    token, lives = sign_in(runtime, said.account, said.password, Purpose.ACCESS)
    return {"access_token": token, "token_type": "bearer", "expires_in": lives}
