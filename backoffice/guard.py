"""The gate of every request: whose it is, whether it may pass, whether a form was ours. And the headers of answers.

Rights are decided in `backoffice.policy`; what a refused form held is kept through `backoffice.keeping`.
"""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from urllib.parse import urlsplit

from flask import Flask, Response, abort, g, redirect, request, session, url_for
from flask_wtf.csrf import CSRFProtect
from werkzeug.wrappers.response import Response as BaseResponse

from backoffice import keeping, limits, policy, uploads
from backoffice.inside import safe_next
from backoffice.policy import Right
from backoffice.public import site_policy
from backoffice.registry import accounts, sessions
from backoffice.registry.schema import Account
from backoffice.services import now, services

TOKEN = "sid"  # noqa: S105 -- the name of a key, not a secret
HALF = "half"  # whose password was right and whose second factor is still to come, and since when
FORMER = "former"  # the token of the session that ended last in this browser: whose unsaved form arrives late

OFFICE_CSP = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)

HINT = "hint"  # what the provider said who has signed that person in, to end its session too
LONGEST_HINT = 2_000  # characters: a cookie holds four thousand
HALF_WAY = dt.timedelta(minutes=10)
SPILT = 4 * max(uploads.LARGEST.values())  # bytes read for nothing, so that a page can answer

CACHED = frozenset({"static", "media.small"})  # the latter says for how long by itself, and for one browser only

csrf = CSRFProtect()


def install(app: Flask) -> None:
    """Put the gate before every view and the headers on every answer."""
    csrf.init_app(app)
    app.before_request(gate)
    app.after_request(headers)


def gate() -> BaseResponse | None:
    """Let the request through, or answer in its place."""
    g.account = g.session_row = None
    if request.endpoint is None:
        return None  # no such address: the 404 page needs nobody's rights
    right = policy.right_of(request.endpoint)
    if right is None:
        abort(403)
    if right is Right.PUBLIC and not request.endpoint.startswith(("auth.", "oidc.")):
        return None  # the public site and its files cost no look at the registry
    largest = uploads.LARGEST.get(request.endpoint)
    request.max_content_length = largest + uploads.FIELDS if largest else None  # None: as everywhere
    _recognise()
    if request.method not in ("GET", "HEAD", "OPTIONS"):
        _refuse_other_sites()
    if not policy.allowed(g.account, right):
        if g.account is not None:
            abort(403)
        return _ask_to_sign_in()
    _refuse_beyond_limits(right)
    _refuse_settings(right)
    if request.method not in ("GET", "HEAD", "OPTIONS") and request.endpoint != "auth.sign_in":  # it asks kindly
        csrf.protect()
        g.ours = True  # a form of this office, sent by whoever it was shown to: worth keeping if something fails
    return None


def sign_in(account: Account, said: str = "") -> None:
    """Start a session in this browser, with a new cookie content: one planted before signing in is worth nothing."""
    shop = services()
    address = request.remote_addr or ""
    browser = request.user_agent.string
    session.clear()
    session.permanent = True
    hours = shop.settings.session_hours
    session[TOKEN] = sessions.start(shop.registry, account, now(), hours, address, browser, said)


def sign_in_half(account: Account, said: str = "") -> None:
    """The password was right: remember whose it was while the second factor is asked for. Nothing is open yet."""
    session.clear()
    session[HALF] = [account.id, now().timestamp()]
    if len(said) <= LONGEST_HINT:
        session[HINT] = said


def half_signed_in() -> Account | None:
    """Whose second factor is awaited in this browser; None once that has taken too long."""
    match session.get(HALF):
        case [int(account_id), float(since)] if 0 <= now().timestamp() - since < HALF_WAY.total_seconds():
            account = accounts.by_id(services().registry, account_id)
            return account if account is not None and account.active and account.totp_secret else None
    return None


def sign_out() -> None:
    """End the session of this browser; what another tab still sends afterwards is kept for its author."""
    token = session.get(TOKEN, "")
    if token:
        sessions.end(services().registry, token, now())
    session.clear()
    session[FORMER] = token
    session.permanent = True


def former_account() -> Account | None:
    """Whose ended session this browser carries."""
    token = session.get(TOKEN) or session.get(FORMER)
    return sessions.former_account(services().registry, token) if isinstance(token, str) and token else None


def headers(response: Response) -> Response:
    """Security headers; pages of the office are never stored by a shared computer's cache."""
    settings = services().settings
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("X-Frame-Options", "DENY" if _in_office() else "SAMEORIGIN")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
    if settings.https:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if _in_office():
        response.headers.setdefault("Content-Security-Policy", _office_policy())
        if request.endpoint not in CACHED or response.status_code >= 300:
            response.headers["Cache-Control"] = "no-store"
    else:
        response.headers.setdefault("Content-Security-Policy", site_policy(settings.site))
    return response


def _office_policy() -> str:
    """The policy of a page of the office; one with a map may show the pictures of the background that it offers."""
    pictures = g.get("pictures_from")
    return OFFICE_CSP.replace("img-src 'self'", f"img-src 'self' {pictures}") if pictures else OFFICE_CSP


def _in_office() -> bool:
    base = services().settings.base_path
    return request.path == base or request.path.startswith(f"{base}/")


def _recognise() -> None:
    token = session.get(TOKEN)
    if isinstance(token, str) and token:
        shop = services()
        found = sessions.account_of(shop.registry, token, now(), shop.settings.session_hours)
        if found is not None:
            g.account, g.session_row = found
            g.pop("language", None)


def _refuse_beyond_limits(right: Right) -> None:
    """A record out of an account's limits does not exist for it: every address that names a record passes here."""
    record_id = (request.view_args or {}).get("record_id")
    if record_id is None or not policy.limited(g.account):
        return
    data = limits.data_of(services().content, str(record_id))
    if data is None or not policy.allowed(g.account, right, data):
        abort(404)


def _refuse_settings(right: Right) -> None:
    """Settings are not changed by all who may edit: every address that names a type or a record passes here."""
    asked = request.view_args or {}
    if right is not Right.EDIT or request.endpoint == "lists.export_list":
        return
    type_name = str(asked.get("type_name", ""))
    if not type_name and "record_id" in asked:
        record = services().content.record(str(asked["record_id"]))
        type_name = record.type_name if record is not None else ""
    if not policy.may_edit(g.account, type_name):
        abort(403)


def _refuse_other_sites() -> None:
    """Browsers say where a form comes from: a form of another site is refused before anything is kept of it."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        abort(403)
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        abort(403)


def _ask_to_sign_in() -> BaseResponse:
    if request.method not in ("GET", "HEAD") and request.endpoint in uploads.LARGEST:
        target = ""  # nobody's files are not even read
    elif request.method in ("GET", "HEAD"):
        target = request.full_path.rstrip("?")
    else:
        target = keeping.page_of_form()
        person = former_account()
        if person is not None and keeping.keep_request(person, "session"):
            target = keeping.again(target)
    if request.accept_mimetypes.best == "application/json":
        abort(401)
    return redirect(url_for("auth.sign_in", next=safe_next(target)), 303)


def spill() -> None:
    """Read what was too large and is not taken: a browser that is still sending shows a cut connection, no page.

    What is larger still is cut, and so is what nobody signed in sends.
    """
    left = request.content_length or 0
    if g.get("account") is None or left > SPILT:
        return
    source = request.environ["wsgi.input"]
    with suppress(OSError):
        while left > 0 and (read := source.read(min(left, 1 << 20))):
            left -= len(read)


def refused_token() -> BaseResponse | None:
    """A form whose token is not good any more: kept, and shown again to be sent anew. None when it is nobody's form."""
    if g.get("account") is None or not keeping.keep_request(g.account, "token"):
        return None
    return redirect(keeping.again(keeping.page_of_form()), 303)
