"""What an installation says of its identity provider: the variables LAUREAT_OIDC_*, read with the other settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

_LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class OidcSettings:
    """One provider by OpenID Connect, ProConnect for example. Without an issuer there is none."""

    issuer: str = ""
    """Address of the identity provider, as its description names it; empty: passwords only (LAUREAT_OIDC_ISSUER)."""
    client_id: str = ""
    """The name by which the provider knows this office (LAUREAT_OIDC_CLIENT_ID)."""
    client_secret: str = field(default="", repr=False)
    """The secret of that name, where no file holds it (LAUREAT_OIDC_CLIENT_SECRET)."""
    client_secret_file: Path | None = None
    """The file that holds the secret of that name, mode 0600 (LAUREAT_OIDC_CLIENT_SECRET_FILE)."""
    name: str = "ProConnect"
    """What people call the provider: the button of the sign-in page says it (LAUREAT_OIDC_NAME)."""
    scopes: tuple[str, ...] = ("openid", "email", "given_name", "usual_name")
    """What is asked of the provider, with spaces between (LAUREAT_OIDC_SCOPES)."""
    claim: str = "sub"
    """The claim that names an account and never changes (LAUREAT_OIDC_CLAIM)."""
    acr: tuple[str, ...] = ()
    """Levels, with spaces between, at which the provider has asked for a second factor itself (LAUREAT_OIDC_ACR)."""
    domains: tuple[str, ...] = ()
    """Domains of e-mail addresses, with spaces between, that get a reader's account unasked (LAUREAT_OIDC_DOMAINS)."""
    vouches: bool = False
    """1: every address was verified though the provider does not say so, as ProConnect (LAUREAT_OIDC_VOUCHES)."""


def safe_address(address: str) -> bool:
    """True for HTTPS, and for HTTP on this very machine, where tests and proxies live."""
    parts = urlsplit(address)
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    )


def _held_by(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").strip()
    except OSError as missing:
        raise ValueError(f"LAUREAT_OIDC_CLIENT_SECRET_FILE: {missing.strerror}") from missing


def read(env: Mapping[str, str]) -> OidcSettings | None:
    """The provider that the variables name. Raises ValueError."""
    issuer = env.get("LAUREAT_OIDC_ISSUER", "").strip()
    if not issuer:
        return None
    if not safe_address(issuer):
        raise ValueError(f"LAUREAT_OIDC_ISSUER: an https address; it is “{issuer}”")
    found = OidcSettings()
    client_id = env.get("LAUREAT_OIDC_CLIENT_ID", "").strip()
    file = env.get("LAUREAT_OIDC_CLIENT_SECRET_FILE", "")
    secret = _held_by(Path(file)) if file else env.get("LAUREAT_OIDC_CLIENT_SECRET", "").strip()
    if not client_id or not secret:
        raise ValueError("LAUREAT_OIDC_CLIENT_ID and LAUREAT_OIDC_CLIENT_SECRET go with LAUREAT_OIDC_ISSUER")
    scopes = tuple(env.get("LAUREAT_OIDC_SCOPES", "").split()) or found.scopes
    if "openid" not in scopes:
        raise ValueError("LAUREAT_OIDC_SCOPES: openid must be among them")
    return OidcSettings(
        issuer=issuer,
        client_id=client_id,
        client_secret=secret,
        client_secret_file=Path(file) if file else None,
        name=env.get("LAUREAT_OIDC_NAME", "").strip() or found.name,
        scopes=scopes,
        claim=env.get("LAUREAT_OIDC_CLAIM", "").strip() or found.claim,
        acr=tuple(env.get("LAUREAT_OIDC_ACR", "").split()),
        domains=tuple(env.get("LAUREAT_OIDC_DOMAINS", "").lower().split()),
    )
