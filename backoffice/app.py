"""The factory of the web application: wires and stops. No view, no rule."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from flask import Flask
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from backoffice import compiled, errors, frame, guard, i18n, public, town_time
from backoffice.accounts import views as accounts
from backoffice.audit import noting
from backoffice.audit import views as audit
from backoffice.auth import factor, oidc
from backoffice.auth import views as auth
from backoffice.content import Content
from backoffice.editions import views as editions
from backoffice.exchange import export_views as export
from backoffice.exchange import views as exchange
from backoffice.expert import views as expert
from backoffice.help import views as helping
from backoffice.history import views as history
from backoffice.home import views as home
from backoffice.lists import views as lists
from backoffice.look import fonts as look
from backoffice.media import editing as media
from backoffice.people import views as people
from backoffice.people import withdrawing
from backoffice.places import views as places
from backoffice.preview import views as preview
from backoffice.publish import views as publish
from backoffice.records import presence
from backoffice.records import views as records
from backoffice.registry import Registry
from backoffice.registry.sealing import unlock
from backoffice.services import KEY, Services
from backoffice.settings import Settings
from backoffice.sharing import views as sharing
from backoffice.texts import views as texts
from backoffice.vote import count_views as vote_count
from backoffice.vote import import_views as vote_import
from backoffice.vote import night_views as vote_night
from backoffice.vote import rule_views as vote_rule
from backoffice.vote import simulator_views as vote_simulator
from backoffice.vote import tally_views as vote_tally
from backoffice.vote import views as vote
from backoffice.zones import views as zones

LARGEST_REQUEST = 4 * 1024 * 1024  # a record weighs 1 MiB at most; its form some more


def utc_now() -> dt.datetime:
    """The present."""
    return dt.datetime.now(dt.UTC)


def create_app(settings: Settings, clock: Callable[[], dt.datetime] = utc_now) -> Flask:
    """The office at `settings.base_path` and the public site at `/`."""
    app = Flask("backoffice", static_url_path=f"{settings.base_path}/static")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SECRET_KEY_FALLBACKS=list(settings.former_keys),
        SESSION_COOKIE_NAME="laureat",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.https,
        # The cookie outlives the session it names: a form sent after the end is still known to be someone's.
        PERMANENT_SESSION_LIFETIME=dt.timedelta(days=31),
        SESSION_REFRESH_EACH_REQUEST=False,
        WTF_CSRF_TIME_LIMIT=None,  # a form left open over lunch is still good; the session is what ends
        WTF_CSRF_CHECK_DEFAULT=False,  # backoffice.guard asks, after it knows whose the request is
        WTF_CSRF_SSL_STRICT=False,  # Origin and Sec-Fetch-Site are checked by backoffice.guard
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=LARGEST_REQUEST,
        MAX_FORM_PARTS=20_000,
        SEND_FILE_MAX_AGE_DEFAULT=dt.timedelta(hours=1),
        TRAP_HTTP_EXCEPTIONS=False,
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions[KEY] = Services(
        settings, Registry(settings.registry, settings.office), Content(settings, clock), clock
    )
    unlock(app.extensions[KEY].registry, settings.keys)
    oidc.install(app, settings)
    compiled.install(app)
    i18n.install(app)
    frame.install(app)
    town_time.install(app)
    helping.install(app)
    guard.install(app)
    noting.install(app)
    errors.install(app)
    sharing.install(app)
    _blueprints(app, settings)
    if settings.proxies:
        hops = settings.proxies
        proxied = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops, x_prefix=hops)
        app.wsgi_app = proxied  # type: ignore[method-assign]  # the way that Flask documents
    return app


def _blueprints(app: Flask, settings: Settings) -> None:
    for blueprint in (
        auth.bp,
        factor.bp,
        oidc.bp,
        accounts.bp,
        people.bp,
        withdrawing.bp,
        places.bp,
        zones.bp,
        texts.bp,
        look.bp,
        editions.bp,
        audit.bp,
        home.bp,
        presence.bp,
        records.bp,
        history.bp,
        preview.bp,
        helping.bp,
        publish.bp,
        lists.bp,
        media.bp,
        exchange.bp,
        export.bp,
        sharing.bp,
        expert.bp,
        vote.bp,
        vote_rule.bp,
        vote_night.bp,
        vote_tally.bp,
        vote_import.bp,
        vote_count.bp,
        vote_simulator.bp,
    ):
        app.register_blueprint(blueprint, url_prefix=settings.base_path)
    app.register_blueprint(public.bp)
