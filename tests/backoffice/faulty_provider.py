"""A provider that can be told to lie: a small WSGI application with keys of its own, for the faults of signing in."""

from __future__ import annotations

import base64
import hashlib
import json
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from backoffice.oidc_settings import OidcSettings

CLIENT, SECRET = "laureat", "un secret du fournisseur"


class FaultyProvider:
    """Answers as a good provider does, but for what a test changes: `claims`, `key`, `signed`, `about`."""

    def __init__(self, clock) -> None:
        self.clock = clock
        self.issuer = ""
        self.key = self.published = ECKey.generate_key("P-256", {"kid": "one", "use": "sig"})
        self.claims: dict[str, object] = {}
        self.said: dict[str, object] = {}
        self.whole: dict[str, object] = {}
        self.about: dict[str, object] = {}
        self.signed = False  # whether userinfo is a signed token
        self.codes: dict[str, dict[str, str]] = {}
        self.asked: list[str] = []

    def settings(self, **more) -> OidcSettings:
        return OidcSettings(issuer=self.issuer, client_id=CLIENT, client_secret=SECRET, **more)

    def consent(self, address: str, subject: str) -> dict[str, str]:
        """What the person's browser brings back after saying yes on the page at `address`."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked | {"subject": subject}
        return {"code": code, "state": asked["state"], "iss": self.issuer}

    def __call__(self, environ, start_response):
        path = environ["PATH_INFO"]
        self.asked.append(path)
        length = int(environ.get("CONTENT_LENGTH") or 0)
        form = {name: values[0] for name, values in parse_qs(environ["wsgi.input"].read(length).decode()).items()}
        status, kind, body = getattr(self, "_" + path.rpartition("/")[2].replace("-", "_"))(form)
        start_response(status, [("Content-Type", kind)])
        return [body if isinstance(body, bytes) else json.dumps(body).encode()]

    def _openid_configuration(self, _form):
        about = {name: f"{self.issuer}/{name}" for name in ("authorize", "token", "userinfo", "end")}
        found = {
            "issuer": self.issuer,
            "authorization_endpoint": about["authorize"],
            "token_endpoint": about["token"],
            "userinfo_endpoint": about["userinfo"],
            "end_session_endpoint": about["end"],
            "jwks_uri": f"{self.issuer}/jwks",
            "authorization_response_iss_parameter_supported": True,
        }
        return "200 OK", "application/json", found | self.about

    def _jwks(self, _form):
        return "200 OK", "application/json", KeySet([self.published]).as_dict(private=False)

    def _token(self, form):
        asked = self.codes.pop(form["code"], None)  # a code is good once
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        if asked is None or base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != asked["code_challenge"]:
            return "400 Bad Request", "application/json", {"error": "invalid_grant"}
        present = int(self.clock().timestamp())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": asked["subject"],
            "nonce": asked["nonce"],
            "iat": present,
            "exp": present + 300,
        } | self.claims
        self.whole = {"sub": asked["subject"], "email": f"{asked['subject']}@ville.example"} | self.said
        return "200 OK", "application/json", {"access_token": "jeton", "id_token": self._sign(claims)}

    def _userinfo(self, _form):
        if self.signed:
            return "200 OK", "application/jwt", self._sign(self.whole | {"iss": self.issuer, "aud": CLIENT}).encode()
        return "200 OK", "application/json", self.whole

    def _sign(self, claims) -> str:
        return jwt.encode({"alg": "ES256", "kid": "one"}, claims, self.key)
