"""The shapes of signing in, of sign-ins that are open, and of the journal."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, WithJsonSchema

from api.v1.schemas import Account, In, Out, Said, on_one_line
from workflows.errors import Fault


def _six_digits(value: str) -> str:
    """The code without the blank that authenticators show in its middle."""
    digits = "".join(value.split())
    if re.fullmatch("[0-9]{6}", digits) is None:
        raise Fault(
            "value_bad",
            field="code",
            name="code",
            zh="应为验证器上显示的六位数字",
            en="it must be the six digits that your authenticator shows",
        )
    return digits


Password = Annotated[str, Field(min_length=1, max_length=1024)]
Code = Annotated[
    str,
    AfterValidator(_six_digits),
    WithJsonSchema({"type": "string", "pattern": "^[0-9]{3} ?[0-9]{3}$", "examples": ["123456"]}),
]
Identity = Annotated[str, Field(min_length=1, max_length=255), AfterValidator(on_one_line)]


class Credentials(In):
    """`code` where an authenticator is in use; `new_password` where somebody else chose the present one."""

    account: Account
    password: Password
    code: Code | None = None
    new_password: Password | None = None


class PasswordIn(In):
    password: Password
    new_password: Password


class ProofIn(In):
    """The present password, given again."""

    password: Password


class CodeIn(In):
    code: Code


class IdentityIn(In):
    """Whom the provider `issuer` calls `subject` (OpenID Connect: `iss` and `sub`)."""

    issuer: Identity
    subject: Identity


class TokenOut(Out):
    access_token: str
    token_type: Literal["bearer"]
    expires_in: int


class SessionOut(Out):
    """One sign-in. `access` is a client, `session` the pages, `office` a machine's token; `my_days` and `our_days` are calendars
    that were subscribed to."""

    id: str
    purpose: Literal["access", "session", "office", "my_days", "our_days"]
    begun_at: str
    seen_at: str
    expires_at: str
    address: str
    current: bool


class SessionsOut(Out):
    items: list[SessionOut]


class EnrolmentOut(Out):
    """`address` is what an authenticator reads from a picture (otpauth:)."""

    secret: str
    address: str


class PasswordOut(Out):
    """Shown once."""

    password: str


class JournalLine(Out):
    """`what` is a deed, or the right that was refused; `says` is the same in words."""

    id: str
    at: str
    account: str
    body: str | None
    address: str
    what: str
    says: Said
    about: str
    result: Literal["done", "refused"]
    detail: dict[str, str | int | bool | None]


class JournalOut(Out):
    items: list[JournalLine]
    next: str | None
