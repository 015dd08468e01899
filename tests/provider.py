"""An OpenID provider on loopback, with keys of its own: what a test lets it say, it says, the truth or a forgery."""

import hashlib
import json
import secrets
import threading
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from services.clock import Clock

CLIENT_ID, CLIENT_SECRET = "gongjian", "between the two of us"

#: Claims and what is written of them: `Any`, since forgeries are of every shape.
Statement = Callable[["Provider", dict[str, Any]], str]


class Provider:
    """It lets everybody in as `subject` and states it as `states` says."""

    def __init__(self, clock: Clock) -> None:
        self.clock, self.subject = clock, "248289761001"
        self.key = RSAKey.generate_key(2048, parameters={"kid": "first", "use": "sig", "alg": "RS256"})
        self.states: Statement = truthful
        self.extra: dict[str, Any] = {}
        self.is_away = False
        self.told: list[str] = []
        self._codes: dict[str, dict[str, str]] = {}
        self.issuer = ""

    def claims(self, nonce: str) -> dict[str, Any]:
        """What is true. `Any`: JSON."""
        now = int(self.clock.now().timestamp())
        said = {"iss": self.issuer, "aud": CLIENT_ID, "sub": self.subject, "nonce": nonce}
        return said | {"iat": now, "exp": now + 300} | self.extra

    def published(self) -> dict[str, Any]:
        """Its public keys. `Any`: JSON."""
        return KeySet([self.key]).as_dict(private=False)

    def describes(self) -> dict[str, Any]:
        """`Any`: JSON."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
        }

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the person's browser is sent back to, with a code that serves once."""
        assert asked["response_type"] == "code" and asked["client_id"] == CLIENT_ID
        assert asked["code_challenge_method"] == "S256" and "openid" in asked["scope"].split()
        code = secrets.token_urlsafe(16)
        self._codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state'], 'iss': self.issuer})}"

    def token(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """The answer of the token endpoint. `Any`: JSON."""
        secret = b64decode(authorization.removeprefix("Basic ")).decode()
        asked = self._codes.pop(form.get("code", ""), None)
        verifier = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if secret != f"{CLIENT_ID}:{quote(CLIENT_SECRET)}" and secret != f"{CLIENT_ID}:{CLIENT_SECRET}":
            return 401, {"error": "invalid_client"}
        if (
            asked is None
            or asked["code_challenge"] != urlsafe_b64encode(verifier).decode().rstrip("=")
            or asked["redirect_uri"] != form.get("redirect_uri")
        ):
            return 400, {"error": "invalid_grant"}
        statement = self.states(self, self.claims(asked["nonce"]))
        return 200, {"access_token": "unused", "token_type": "Bearer", "id_token": statement}


def truthful(provider: Provider, claims: dict[str, Any]) -> str:
    """Signed by the provider's own key."""
    return jwt.encode({"alg": "RS256", "kid": provider.key.kid}, claims, provider.key, algorithms=["RS256"])


@contextmanager
def provider_at_work(clock: Clock) -> Iterator[Provider]:
    """A provider that answers on a free port of loopback until the block ends."""
    provider = Provider(clock)

    class Desk(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            provider.told.append(self.path)
            address = urlsplit(self.path)
            asked = {name: values[0] for name, values in parse_qs(address.query).items()}
            if provider.is_away:
                self._answer(503, {})
            elif address.path == "/authorize":
                self._answer(303, {}, location=provider.authorize(asked))
            elif address.path == "/jwks":
                self._answer(200, provider.published())
            else:
                self._answer(200, provider.describes())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            status, said = provider.token(form, self.headers.get("Authorization", ""))
            self._answer(503 if provider.is_away else status, said)

        def _answer(self, status: int, said: dict[str, Any], location: str = "") -> None:
            body = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            if location:
                self.send_header("Location", location)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Nobody reads it."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Desk) as server:
        provider.issuer = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield provider
        server.shutdown()
        thread.join()
