"""An identity provider by OpenID Connect: what it is asked and what of its answers is believed. No page, no account.

The authorization code flow with PKCE. `joserfc` reads keys and signatures; the rest is a few requests over the
standard library, so that each check stands here to be read. Every fault is a `Distrusted` with words for people and a
short reason for the log.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
import secrets
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from backoffice.oidc_settings import OidcSettings, safe_address
from participation.messages import mark as _
from participation.problems import LaureatError

PATIENCE = 5.0  # seconds for one answer of the provider
LARGEST = 512 * 1024
DRIFT = 60  # seconds that the provider's clock may be away
KNOWN_FOR = dt.timedelta(hours=1)  # the description and the keys of a provider
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
DISCOVERY = "/.well-known/openid-configuration"


class Distrusted(LaureatError):
    """What came from the provider is not believed; `reason` is for the log and names what was wrong."""

    def __init__(self, reason: str, message: str = "", hint: str = "") -> None:
        super().__init__(
            message or _("La réponse du fournisseur d’identité n’est pas sûre\u00a0: la connexion est refusée."),
            hint=hint or _("Recommencez. Si cela dure, prévenez l’administration de l’outil."),
        )
        self.reason = reason


class ProviderSilent(Distrusted):
    """The provider does not answer; passwords still work."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            reason,
            _("Le fournisseur d’identité ne répond pas."),
            _("Connectez-vous avec votre mot de passe, ou réessayez dans quelques minutes."),
        )


@dataclass(frozen=True, slots=True)
class Question:
    """What is remembered in the browser while the person is at the provider's."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def new(cls) -> Question:
        """A question that nobody can guess."""
        return cls(secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48))


@dataclass(frozen=True, slots=True)
class Known:
    """Who the provider says it is: the claim that names accounts, and what helps to make one."""

    subject: str
    email: str
    name: str
    acr: str
    id_token: str
    email_verified: bool = False


class Provider:
    """One provider. Its description and keys are asked for when they are first needed and kept for an hour."""

    def __init__(self, settings: OidcSettings) -> None:
        self.settings = settings
        self._about: dict[str, Any] = {}
        self._keys: KeySet | None = None
        self._since: dt.datetime | None = None

    def address(self, question: Question, redirect_uri: str, now: dt.datetime) -> str:
        """Where the browser is sent to. Raises ProviderSilent or Distrusted."""
        digest = hashlib.sha256(question.verifier.encode()).digest()
        asked = {
            "response_type": "code",
            "client_id": self.settings.client_id,
            "redirect_uri": redirect_uri,
            "scope": " ".join(self.settings.scopes),
            "state": question.state,
            "nonce": question.nonce,
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        if self.settings.acr:
            asked["acr_values"] = " ".join(self.settings.acr)
        return _with_query(self._endpoint("authorization_endpoint", now), asked)

    def farewell(self, id_token: str, redirect_uri: str, now: dt.datetime) -> str:
        """Where the browser ends the session at the provider's; "" where it has none to end, or does not answer."""
        try:
            about = self._described(now)
        except Distrusted:
            return ""
        if not about.get("end_session_endpoint"):
            return ""
        asked = {"client_id": self.settings.client_id, "post_logout_redirect_uri": redirect_uri}
        asked["state"] = secrets.token_urlsafe(16)
        if id_token:
            asked["id_token_hint"] = id_token
        return _with_query(self._endpoint("end_session_endpoint", now), asked)

    def identify(self, question: Question, answer: Mapping[str, str], redirect_uri: str, now: dt.datetime) -> Known:
        """Who came back with these parameters of the return address. Raises ProviderSilent or Distrusted."""
        self._check_answer(question, answer, now)
        tokens = self._exchange(question, str(answer.get("code", "")), redirect_uri, now)
        id_token = str(tokens.get("id_token", ""))
        claims = self._claims(id_token, now)
        self._check_claims(claims, question, now)
        said = {**claims, **self._userinfo(str(tokens.get("access_token", "")), claims, now)}
        subject = said.get(self.settings.claim)
        if not isinstance(subject, str) or not subject or len(subject) > 300:
            raise Distrusted(f"claim {self.settings.claim}")
        return Known(
            subject=subject,
            email=str(said.get("email", "")).strip().lower(),
            name=_name(said),
            acr=str(claims.get("acr", "")),
            id_token=id_token,
            email_verified=said.get("email_verified", self.settings.vouches) in (True, "true"),
        )

    # ------------------------------------------------------------------------------------------------ checks

    def _check_answer(self, question: Question, answer: Mapping[str, str], now: dt.datetime) -> None:
        if not secrets.compare_digest(str(answer.get("state", "")).encode(), question.state.encode()):
            raise Distrusted("state")
        issuer = answer.get("iss")
        promised = self._described(now).get("authorization_response_iss_parameter_supported") is True
        if (promised or issuer is not None) and issuer != self.settings.issuer:  # RFC 9207: who answers here?
            raise Distrusted("issuer of the answer")
        if "error" in answer:
            refused = answer["error"] in ("access_denied", "login_required", "interaction_required")
            words = _("Vous n’êtes pas allé au bout de la connexion chez le fournisseur d’identité.") if refused else ""
            raise Distrusted(f"error {answer['error'][:40]}", words, _("Recommencez.") if refused else "")
        if not answer.get("code"):
            raise Distrusted("code")

    def _check_claims(self, claims: Mapping[str, Any], question: Question, now: dt.datetime) -> None:
        audience = claims.get("aud")
        audiences = audience if isinstance(audience, list) else [audience]
        present = now.timestamp()
        if claims.get("iss") != self.settings.issuer:
            raise Distrusted("issuer")
        if self.settings.client_id not in audiences:
            raise Distrusted("audience")
        if claims.get("azp", self.settings.client_id) != self.settings.client_id or (
            len(audiences) > 1 and "azp" not in claims
        ):
            raise Distrusted("authorized party")
        expires, issued = claims.get("exp"), claims.get("iat")
        if not isinstance(expires, int | float) or expires + DRIFT <= present:
            raise Distrusted("expired")
        if not isinstance(issued, int | float) or issued - DRIFT > present:
            raise Distrusted("issued in the future")
        if not secrets.compare_digest(str(claims.get("nonce", "")).encode(), question.nonce.encode()):
            raise Distrusted("nonce")
        if not isinstance(claims.get("sub"), str) or not claims["sub"]:
            raise Distrusted("subject")

    def _claims(self, token: str, now: dt.datetime) -> dict[str, Any]:
        """What a signed token says; keys that the provider has changed meanwhile are asked for once more."""
        for renewed in (False, True):
            keys = self._key_set(now, renew=renewed)
            try:
                return jwt.decode(token, keys, algorithms=ALGORITHMS).claims
            except (JoseError, ValueError, TypeError) as fault:
                if renewed:
                    raise Distrusted("signature") from fault
        raise Distrusted("signature")

    # ------------------------------------------------------------------------------------------------ requests

    def _exchange(self, question: Question, code: str, redirect_uri: str, now: dt.datetime) -> dict[str, Any]:
        asked = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": question.verifier,
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        ways = self._described(now).get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        if "client_secret_post" in ways:
            asked |= {"client_id": self.settings.client_id, "client_secret": self.settings.client_secret}
        else:
            pair = f"{quote(self.settings.client_id, '')}:{quote(self.settings.client_secret, '')}"
            headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
        endpoint = self._endpoint("token_endpoint", now)
        status, _kind, body = _fetch(endpoint, headers, urlencode(asked).encode())
        if status != 200:
            raise Distrusted("code refused")
        return _object(body, "tokens")

    def _userinfo(self, access_token: str, claims: Mapping[str, Any], now: dt.datetime) -> dict[str, Any]:
        """What the provider tells of the person, as JSON or signed; only of the person whom the token names."""
        if not self._described(now).get("userinfo_endpoint") or not access_token:
            return {}
        endpoint = self._endpoint("userinfo_endpoint", now)
        status, kind, body = _fetch(endpoint, {"Authorization": f"Bearer {access_token}"})
        if status != 200:
            raise Distrusted("userinfo refused")
        if kind == "application/jwt":
            said = self._claims(body.decode("ascii", "replace").strip(), now)
            if said.get("iss", self.settings.issuer) != self.settings.issuer:
                raise Distrusted("issuer of userinfo")
            audience = said.get("aud", self.settings.client_id)
            if self.settings.client_id not in (audience if isinstance(audience, list) else [audience]):
                raise Distrusted("audience of userinfo")
        else:
            said = _object(body, "userinfo")
        if said.get("sub") != claims["sub"]:
            raise Distrusted("subject of userinfo")
        protocol = {"iss", "aud", "exp", "iat", "nonce", "acr", "azp"}
        return {name: value for name, value in said.items() if name not in protocol}

    def _described(self, now: dt.datetime) -> dict[str, Any]:
        if self._since is None or not dt.timedelta() <= now - self._since < KNOWN_FOR:
            status, _kind, body = _fetch(self.settings.issuer.rstrip("/") + DISCOVERY, {"Accept": "application/json"})
            if status != 200:
                raise ProviderSilent(f"discovery {status}")
            about = _object(body, "discovery")
            if about.get("issuer") != self.settings.issuer:
                raise Distrusted("issuer of the discovery document")
            self._about, self._since, self._keys = about, now, None
        return self._about

    def _key_set(self, now: dt.datetime, *, renew: bool) -> KeySet:
        if self._keys is None or renew:
            status, _kind, body = _fetch(self._endpoint("jwks_uri", now), {"Accept": "application/json"})
            if status != 200:
                raise ProviderSilent(f"keys {status}")
            try:
                self._keys = KeySet.import_key_set(_object(body, "keys"))  # type: ignore[arg-type]  # checked inside
            except (JoseError, ValueError, KeyError, TypeError) as fault:
                raise Distrusted("keys") from fault
        return self._keys

    def _endpoint(self, name: str, now: dt.datetime) -> str:
        address = self._described(now).get(name)
        if not isinstance(address, str) or not safe_address(address):
            raise Distrusted(f"address {name}")
        return address


def _name(said: Mapping[str, Any]) -> str:
    parts = [str(said.get(name, "")) for name in ("given_name", "usual_name", "family_name")]
    given, usual, family = (part.strip() for part in parts)
    return str(said.get("name") or f"{given} {usual or family}").strip()[:200]


def _object(body: bytes, what: str) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except ValueError as fault:
        raise Distrusted(what) from fault
    if not isinstance(found, dict):
        raise Distrusted(what)
    return found


def _with_query(address: str, asked: Mapping[str, str]) -> str:
    return f"{address}{'&' if urlsplit(address).query else '?'}{urlencode(asked, quote_via=quote)}"


class _Nowhere(urllib.request.HTTPRedirectHandler):
    """A secret is sent where it was meant to go, never where somebody points to."""

    def redirect_request(self, *_unused: object) -> None:
        return None


_OPENER = urllib.request.build_opener(_Nowhere)


def _fetch(address: str, headers: Mapping[str, str], data: bytes | None = None) -> tuple[int, str, bytes]:
    """Status, kind and bytes of an answer. Raises ProviderSilent."""
    if not safe_address(address):
        raise Distrusted("address")
    request = urllib.request.Request(address, data, dict(headers))  # noqa: S310 -- https or this machine: see above
    try:
        with _OPENER.open(request, timeout=PATIENCE) as answer:
            body: bytes = answer.read(LARGEST + 1)
            status, kind = answer.status, answer.headers.get_content_type()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.headers.get_content_type(), refused.read(LARGEST)
    except (OSError, ValueError) as silent:
        raise ProviderSilent(type(silent).__name__) from silent
    if len(body) > LARGEST:
        raise Distrusted("too long")
    return status, kind, body
