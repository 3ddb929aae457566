"""Sessions of signed-in browsers, kept on the server so that they can be ended. Cookies are `backoffice.signing`'s."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets

from sqlalchemy import Select, delete, select, update

from backoffice.registry.database import Registry
from backoffice.registry.schema import Account, Session

SEEN_EVERY = dt.timedelta(minutes=5)  # a visit is noted at most this often: reading stays reading
REMEMBERED = dt.timedelta(days=31)  # an ended session still tells whose unsaved form arrives


def start(
    registry: Registry, account: Account, now: dt.datetime, hours: int, address: str, browser: str, said: str = ""
) -> str:
    """Open a session and return its token, which is stored nowhere else; `said` is the token of its provider."""
    token = secrets.token_urlsafe(32)
    with registry.begin() as transaction:
        transaction.add(
            Session(
                token_hash=_hash(token),
                account_id=account.id,
                created=now,
                seen=now,
                expires=now + dt.timedelta(hours=hours),
                address=address[:60],
                browser=browser[:300],
                id_token=registry.vault.seal(said),
            )
        )
    return token


def account_of(registry: Registry, token: str, now: dt.datetime, hours: int) -> tuple[Account, Session] | None:
    """The account and session of a token that is still good; each visit puts its end off."""
    with registry.read() as transaction:
        row = transaction.execute(_with_account(token)).first()
    if row is None:
        return None
    account, session = row
    if session.ended is not None or session.expires <= now or not account.active:
        return None
    if now - session.seen >= SEEN_EVERY:
        with registry.begin() as transaction:
            later = now + dt.timedelta(hours=hours)
            transaction.execute(update(Session).where(Session.id == session.id).values(seen=now, expires=later))
    return account, session


def former_account(registry: Registry, token: str) -> Account | None:
    """Whose session a token was, also when it has ended: to keep what that person was typing."""
    with registry.read() as transaction:
        row = transaction.execute(_with_account(token)).first()
    return row[0] if row is not None and row[0].active else None


def end(registry: Registry, token: str, now: dt.datetime) -> None:
    """Sign this browser out."""
    with registry.begin() as transaction:
        transaction.execute(update(Session).where(Session.token_hash == _hash(token)).values(ended=now, id_token=""))


def end_one(registry: Registry, account_id: int, session_id: int, now: dt.datetime) -> None:
    """Sign one browser of that account out."""
    with registry.begin() as transaction:
        mine = update(Session).where(Session.id == session_id, Session.account_id == account_id)
        transaction.execute(mine.where(Session.ended.is_(None)).values(ended=now, id_token=""))


def end_all(registry: Registry, account_id: int, now: dt.datetime, but: int | None = None) -> None:
    """Sign an account out everywhere, but for the session `but`."""
    with registry.begin() as transaction:
        open_ones = update(Session).where(Session.account_id == account_id, Session.ended.is_(None))
        transaction.execute(open_ones.where(Session.id != (but or 0)).values(ended=now, id_token=""))


def open_sessions(registry: Registry, account_id: int, now: dt.datetime) -> list[Session]:
    """The sessions of an account that are still good, last used first."""
    query = select(Session).where(Session.account_id == account_id, Session.ended.is_(None), Session.expires > now)
    with registry.read() as transaction:
        return list(transaction.scalars(query.order_by(Session.seen.desc())))


def forget_old(registry: Registry, now: dt.datetime) -> None:
    """Drop sessions that ended long ago."""
    with registry.begin() as transaction:
        transaction.execute(delete(Session).where(Session.expires < now - REMEMBERED))


def _with_account(token: str) -> Select[Account, Session]:
    join = select(Account, Session).join(Session, Session.account_id == Account.id)
    return join.where(Session.token_hash == _hash(token))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
