"""Single sign-on: an OpenID provider says who somebody is (OpenID Connect Core, code flow with PKCE).

It says no more than that: which account he has, an administrator has bound before, and nobody is created by coming in.
Between going there and coming back, everything hangs on one random keepsake in the person's own browser: state, nonce and
the PKCE verifier are each a digest of it, so that no other browser can come back in his place.
"""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Any
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from sqlalchemy import select

from services.access import journal
from services.access.sign_in import Admitted, sign_in_known
from services.actor import SERVICE, Actor
from services.db.again import again
from services.db.models.directory import Account
from services.runtime import Runtime
from services.settings import LOOPBACK, SingleSignOn
from workflows.errors import Fault

#: Signatures by a key that only the provider has. `none` and everything that begins with HS stay outside.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA", "Ed25519")
#: How far the provider's clock may be off.
LEEWAY = timedelta(seconds=60)
#: An identity statement is used at once; an older one is somebody else's.
FRESH = timedelta(minutes=10)
LONGEST_STATEMENT = 16 * 1024

_KNOWN_FOR, _KEYS_AGAIN = timedelta(hours=1), timedelta(minutes=1)
#: Whoever asks meanwhile is told at once, and does not wait in line for the same silence.
AWAY_FOR = timedelta(seconds=30)
_PATIENCE = httpx2.Timeout(5.0)


@dataclass(frozen=True, slots=True)
class Begun:
    """Where the person must go, and what his browser must keep until he comes back."""

    address: str
    keepsake: str


def begin(runtime: Runtime, back: str) -> Begun:
    """The way to the provider; `back` is our own address to return to. Fault: `sso_off`, `sso_away`."""
    there = _provider(runtime)
    keepsake = secrets.token_urlsafe(32)
    with _client(there.chosen, back) as client:
        address, _ = client.create_authorization_url(
            there.endpoint("authorization_endpoint", runtime.clock.now()),
            state=_drawn(keepsake, "state"),
            nonce=_drawn(keepsake, "nonce"),
            code_verifier=_drawn(keepsake, "verifier"),
        )
    return Begun(str(address), keepsake)


def finish(
    runtime: Runtime, back: str, keepsake: str, said: Mapping[str, str], address: str = ""
) -> Admitted:
    """The person is who the provider says; `said` is what he brought back in the address.

    Fault: `sso_refused` for whatever was not said by the provider to this browser for us, `sso_unbound`, `sso_away`."""
    there = _provider(runtime)
    try:
        claims = _claims(there, back, keepsake, said, runtime.clock.now())
    except (JoseError, AuthlibBaseError, ValueError, KeyError, TypeError) as why:
        _say_refused(runtime, address, "sso_refused", type(why).__name__)
        raise Fault("sso_refused") from why
    issuer, subject = str(claims["iss"]), str(claims["sub"])
    with runtime.reading(SERVICE) as unit:
        bound = select(Account.id).where(Account.issuer == issuer, Account.subject == subject)
        account_id = unit.db.scalar(bound.where(Account.disabled_at.is_(None)))
    if account_id is None:
        _say_refused(runtime, address, "sso_unbound", subject[:60])
        raise Fault("sso_unbound")
    factors = "mfa" in (claims.get("amr") or ())
    return again(lambda: sign_in_known(runtime, account_id, address, factors=factors))


def _claims(
    there: "Provider", back: str, keepsake: str, said: Mapping[str, str], now: datetime
) -> CodeIDToken:
    """What the provider states about the person. Raises whatever is wrong with it."""
    if not keepsake or not hmac.compare_digest(
        said.get("state", "").encode(), _drawn(keepsake, "state").encode()
    ):
        raise ValueError("not the browser that went there")
    if said.get("iss", there.chosen.issuer) != there.chosen.issuer:
        raise ValueError("another provider answers")  # RFC 9207
    with _client(there.chosen, back) as client:
        endpoint = there.endpoint("token_endpoint", now)
        try:
            told = client.fetch_token(
                endpoint,
                grant_type="authorization_code",
                code=said["code"],
                code_verifier=_drawn(keepsake, "verifier"),
                redirect_uri=back,
            )
        except httpx2.HTTPError as away:
            raise Fault("sso_away") from away
    statement = str(told["id_token"])
    if len(statement) > LONGEST_STATEMENT:
        raise ValueError("too long")
    signed = there.verified(statement, now)
    claims = CodeIDToken(
        signed.claims,
        signed.header,
        options={
            "iss": {"essential": True, "value": there.chosen.issuer},
            "aud": {"essential": True, "value": there.chosen.client_id},
            "sub": {"essential": True},
        },
        params={
            "nonce": _drawn(keepsake, "nonce"),
            "client_id": there.chosen.client_id,
            "access_token": told.get("access_token"),
        },
    )
    claims.validate(int(now.timestamp()), int(LEEWAY.total_seconds()))
    if now.timestamp() - claims["iat"] > FRESH.total_seconds():
        raise ValueError("an old statement")
    if not isinstance(claims["sub"], str) or not 1 <= len(claims["sub"]) <= 255:
        raise ValueError("no person")
    return claims


@dataclass
class Provider:
    """The provider as it describes itself, read again every hour; its keys also when one is asked for that is new."""

    chosen: SingleSignOn
    _said: dict[str, Any] = field(default_factory=dict)  # Any: JSON
    _keys: KeySet | None = None
    _said_at: datetime | None = None
    _keys_at: datetime | None = None
    _away_at: datetime | None = None
    _alone: Lock = field(default_factory=Lock)

    def endpoint(self, name: str, now: datetime) -> str:
        """An address of the provider's. As private as the issuer's own, or it is not used."""
        with self._alone:
            return self._endpoint(name, now)

    def verified(self, statement: str, now: datetime) -> jwt.Token:
        """The statement, signed by a key that the provider publishes; whatever key it brings along is ignored."""
        with self._alone:
            try:
                return jwt.decode(statement, self._key_set(now), algorithms=ALGORITHMS)
            except InvalidKeyIdError:
                return jwt.decode(statement, self._key_set(now, newer=_KEYS_AGAIN), algorithms=ALGORITHMS)

    def _endpoint(self, name: str, now: datetime) -> str:
        if self._said_at is None or now - self._said_at >= _KNOWN_FOR:
            said = self._read(f"{str(self.chosen.issuer).rstrip('/')}/.well-known/openid-configuration", now)
            if said.get("issuer") != self.chosen.issuer:
                raise Fault("sso_away")
            self._said, self._said_at = said, now
        found = str(self._said.get(name, ""))
        address, issuer = urlsplit(found), urlsplit(str(self.chosen.issuer))
        local = issuer.scheme == "http" and address.scheme == "http" and address.hostname in LOOPBACK
        if address.scheme != "https" and not local:
            raise Fault("sso_away")
        return found

    def _key_set(self, now: datetime, newer: timedelta = _KNOWN_FOR) -> KeySet:
        if self._keys is None or self._keys_at is None or now - self._keys_at >= newer:
            self._keys = KeySet.import_key_set(self._read(self._endpoint("jwks_uri", now), now))
            self._keys_at = now
        return self._keys

    def _read(self, address: str, now: datetime) -> Any:
        """What the provider publishes there; one that was away a moment ago is not asked. `Any`: JSON."""
        if self._away_at is not None and now - self._away_at < AWAY_FOR:
            raise Fault("sso_away")
        try:
            return _read(address)
        except Fault:
            self._away_at = now
            raise


def _provider(runtime: Runtime) -> Provider:
    if runtime.settings.oidc.issuer is None:
        raise Fault("sso_off")
    return _PROVIDERS.setdefault(runtime, Provider(runtime.settings.oidc))


def _read(address: str) -> Any:
    """What the provider publishes there; a redirect is not followed. `Any`: JSON."""
    try:
        with httpx2.Client(timeout=_PATIENCE, follow_redirects=False) as client:
            answer = client.get(address, headers={"Accept": "application/json"})
        if answer.status_code != httpx2.codes.OK:
            raise Fault("sso_away")
        return answer.json()
    except (httpx2.HTTPError, ValueError) as away:
        raise Fault("sso_away") from away


def _client(chosen: SingleSignOn, back: str) -> Any:
    """`Any`: Authlib's client has no types."""
    return OAuth2Client(
        client_id=chosen.client_id,
        client_secret=chosen.client_secret.get_secret_value() if chosen.client_secret else None,
        scope="openid",
        redirect_uri=back,
        code_challenge_method="S256",
        timeout=_PATIENCE,
        follow_redirects=False,
    )


def _drawn(keepsake: str, name: str) -> str:
    """43 letters that only the keepsake gives."""
    digest = hashlib.sha256(f"gongjian {name} {keepsake}".encode()).digest()
    return urlsafe_b64encode(digest).decode().rstrip("=")


def _say_refused(runtime: Runtime, address: str, code: str, why: str) -> None:
    stranger = Actor(None, None, "?", "", "stranger", "000000", address=address)
    with runtime.writing(SERVICE) as unit:
        journal.write(
            unit, "sign_in", "single sign-on", by=stranger, result=journal.REFUSED, code=code, why=why
        )


_PROVIDERS: WeakKeyDictionary[Runtime, Provider] = WeakKeyDictionary()
