"""What an installation decides, read once from the environment: the only place of `os.environ`.

Nothing here opens the content or the registry; the secret key file is the one file it makes.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from backoffice import oidc_settings
from backoffice.oidc_settings import OidcSettings
from participation.problems import LaureatError
from participation.store.remote import Remote

TRUE = {"1", "true", "yes", "on", "oui"}
FALSE = {"", "0", "false", "no", "off", "non"}


class SettingError(LaureatError):
    """A setting that cannot be understood: names the variable and what it accepts."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of the office and its worker. Paths are absolute; hours and days are whole numbers."""

    content: Path
    """The bare repository of the content (LAUREAT_CONTENT)."""
    site: Path
    """The folder that holds the releases of the public site (LAUREAT_SITE)."""
    registry: str
    """SQLAlchemy URL of accounts, sessions, kept forms and jobs (LAUREAT_REGISTRY)."""
    secret_key: str = field(repr=False)
    """Signs cookies and seals second factors; made at first start in the file LAUREAT_SECRET_FILE."""
    base_path: str = "/gestion"
    """Where the office lies on the site (LAUREAT_BASE_PATH)."""
    session_hours: int = 12
    """Hours without a visit after which one signs in again (LAUREAT_SESSION_HOURS)."""
    kept_days: int = 30
    """Days for which a form that was typed and not saved is kept (LAUREAT_KEPT_DAYS)."""
    proxies: int = 0
    """How many reverse proxies stand before the office and set X-Forwarded-* (LAUREAT_PROXIES)."""
    https: bool = False
    """Cookies travel over HTTPS only, and browsers are told so (LAUREAT_HTTPS)."""
    language: str = "fr"
    """Language where neither the account nor the browser says another (LAUREAT_LANGUAGE)."""
    processes: int = 1
    """Processes that the worker may use to render pages (LAUREAT_PROCESSES)."""
    office: int = 0
    """Number (1 to 9) of this back office where several share one remote: its own new numbers (LAUREAT_OFFICE)."""
    remote: str = ""
    """Address of the Git repository that several back offices share, https or ssh (LAUREAT_REMOTE)."""
    remote_secret: str = field(default="", repr=False)
    """For https: `user:password` or a token, read from the file LAUREAT_REMOTE_SECRET_FILE (mode 0600)."""
    remote_key: Path | None = None
    """For ssh: the private key (LAUREAT_REMOTE_KEY)."""
    remote_known_hosts: Path | None = None
    """For ssh: the file that holds the host's key; without it, that of the user (LAUREAT_REMOTE_KNOWN_HOSTS)."""
    remote_every: int = 60
    """Seconds after which the worker looks for what other offices saved (LAUREAT_REMOTE_EVERY)."""
    remote_timeout: int = 120
    """Seconds that one exchange with the remote may take (LAUREAT_REMOTE_TIMEOUT)."""
    remote_largest: int = 1024
    """MiB that the remote may send at once (LAUREAT_REMOTE_LARGEST)."""
    templates: Path | None = None
    """A folder of page templates that replace ours, outside the content (LAUREAT_TEMPLATES)."""
    former_keys: tuple[str, ...] = field(default=(), repr=False)  # the other lines of the secret file: still accepted
    oidc: OidcSettings | None = None

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read LAUREAT_* variables; what is absent lies under LAUREAT_VAR (`./var`). Raises SettingError."""
        env = os.environ if environ is None else environ
        var = Path(env.get("LAUREAT_VAR", "var")).absolute()
        base = "/" + env.get("LAUREAT_BASE_PATH", "/gestion").strip("/")
        if base == "/":
            raise SettingError("LAUREAT_BASE_PATH: the office needs a path of its own, for example /gestion")
        content, registry = locations(env)
        key, *former = secret_keys(Path(env.get("LAUREAT_SECRET_FILE", var / "secret.key")))
        return cls(
            content=content,
            site=Path(env.get("LAUREAT_SITE", var / "site")).absolute(),
            registry=registry,
            secret_key=key,
            former_keys=tuple(former),
            oidc=_oidc(env),
            base_path=base,
            session_hours=_whole(env, "LAUREAT_SESSION_HOURS", 12, least=1),
            kept_days=_whole(env, "LAUREAT_KEPT_DAYS", 30, least=1),
            proxies=_whole(env, "LAUREAT_PROXIES", 0),
            https=_switch(env, "LAUREAT_HTTPS"),
            language=env.get("LAUREAT_LANGUAGE", "fr"),
            processes=_whole(env, "LAUREAT_PROCESSES", min(2, os.cpu_count() or 1), least=1),
            **_remote(env),
            templates=Path(folder).absolute() if (folder := env.get("LAUREAT_TEMPLATES")) else None,
        )

    @property
    def keys(self) -> tuple[str, ...]:
        """The key of this installation, then those of before."""
        return (self.secret_key, *self.former_keys)

    @property
    def shared(self) -> Remote | None:
        """The remote that this office exchanges with, None when it works alone."""
        if not self.remote:
            return None
        return Remote(
            self.remote,
            self.remote_secret,
            self.remote_key,
            self.remote_known_hosts,
            float(self.remote_timeout),
            self.remote_largest << 20,
        )


def _remote(env: Mapping[str, str]) -> dict[str, Any]:
    """The settings of the remote, checked: a wrong address is told at the start and not at the first save."""
    address = env.get("LAUREAT_REMOTE", "").strip()
    try:
        if address:
            Remote(address)
    except ValueError as wrong:
        raise SettingError(f"LAUREAT_REMOTE: {wrong}") from wrong
    secret = env.get("LAUREAT_REMOTE_SECRET_FILE", "")
    key, hosts = env.get("LAUREAT_REMOTE_KEY", ""), env.get("LAUREAT_REMOTE_KNOWN_HOSTS", "")
    office = _whole(env, "LAUREAT_OFFICE", 0)
    if office > 9:
        raise SettingError(f"LAUREAT_OFFICE: 0 to 9; it is “{office}”")
    return {
        "office": office,
        "remote": address,
        "remote_secret": _secret(Path(secret)) if secret else "",
        "remote_key": Path(key).absolute() if key else None,
        "remote_known_hosts": Path(hosts).absolute() if hosts else None,
        "remote_every": _whole(env, "LAUREAT_REMOTE_EVERY", 60, least=5),
        "remote_timeout": _whole(env, "LAUREAT_REMOTE_TIMEOUT", 120, least=5),
        "remote_largest": _whole(env, "LAUREAT_REMOTE_LARGEST", 1024, least=1),
    }


def _secret(path: Path) -> str:
    """What the file of a secret holds. Raises SettingError when it cannot be read, or by others too."""
    try:
        if path.stat().st_mode & 0o077:
            raise SettingError(f"{path}: others may read this secret; chmod 600 it")
        return path.read_text(encoding="utf-8").strip()
    except OSError as missing:
        raise SettingError(f"{path}: {missing.strerror}") from missing


def locations(environ: Mapping[str, str] | None = None) -> tuple[Path, str]:
    """The repository of the content and the URL of the registry, without making anything."""
    env = os.environ if environ is None else environ
    var = Path(env.get("LAUREAT_VAR", "var")).absolute()
    content = Path(env.get("LAUREAT_CONTENT", var / "content.git")).absolute()
    return content, env.get("LAUREAT_REGISTRY", f"sqlite:///{var / 'registry.sqlite'}")


def _oidc(env: Mapping[str, str]) -> OidcSettings | None:
    try:
        found = oidc_settings.read(env)
    except ValueError as wrong:
        raise SettingError(str(wrong)) from wrong
    return replace(found, vouches=_switch(env, "LAUREAT_OIDC_VOUCHES")) if found is not None else None


def secret_keys(path: Path) -> list[str]:
    """The keys in `path`, one a line, the present one first: one is made at the first call (mode 0600).

    Two processes starting together share one key.
    """
    try:
        return _read_keys(path)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)  # unlike rename, never replaces the key of a process that was quicker
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return _read_keys(path)


def _read_keys(path: Path) -> list[str]:
    keys = path.read_text(encoding="ascii").split()
    if not keys or any(len(key) < 32 for key in keys):
        raise SettingError(f"{path}: the secret key is too short; delete the file and a new one is made")
    return keys


def _whole(env: Mapping[str, str], name: str, default: int, least: int = 0) -> int:
    text = env.get(name, "")
    if not text:
        return default
    if not text.isdecimal() or int(text) < least:
        raise SettingError(f"{name}: a whole number, at least {least}; it is “{text}”")
    return int(text)


def _switch(env: Mapping[str, str], name: str) -> bool:
    text = env.get(name, "").lower()
    if text not in TRUE | FALSE:
        raise SettingError(f"{name}: 1 or 0; it is “{text}”")
    return text in TRUE
