"""One map from what can go wrong to a page and a status. No module of the office answers an error elsewhere."""

from __future__ import annotations

import logging
import secrets

from flask import Flask, Response, g, jsonify, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers.response import Response as BaseResponse

from backoffice import guard, keeping, uploads
from backoffice.i18n import _
from backoffice.registry.database import RegistryError
from participation.messages import mark
from participation.problems import LaureatError
from participation.store.errors import (
    Conflict,
    InvalidRecord,
    MediaChanged,
    MediaNotFound,
    NotAContentRepository,
    ReadOnlyContent,
    RecordExists,
    RecordNotFound,
    RevisionUnknown,
    StillReferenced,
    StoreUnavailable,
)

logger = logging.getLogger("laureat.office")

# Title and sentence of HTTP's own refusals.
WORDS = {
    400: (mark("Cette demande n’est pas compréhensible"), mark("Revenez à la page précédente et recommencez.")),
    401: (mark("Connectez-vous"), mark("Votre session est terminée. Rechargez la page.")),
    403: (
        mark("Cette page ne vous est pas ouverte"),
        mark("Votre rôle ne donne pas ce droit. Demandez-le à l’administration de l’outil."),
    ),
    404: (mark("Cette page n’existe pas"), mark("L’adresse est peut-être incomplète, ou la fiche a été supprimée.")),
    405: (mark("Cette action n’est pas possible ici"), mark("Revenez à la page précédente et recommencez.")),
    413: (
        mark("C’est trop lourd"),
        mark("Ce qui est envoyé dépasse la taille acceptée ici, et n’a pas été pris. Réduisez-le ou découpez-le."),
    ),
    429: (mark("Trop d’essais"), mark("Patientez un peu avant de recommencer.")),
}


# The first row that fits counts.
STATUSES: tuple[tuple[type[LaureatError], int], ...] = (
    (RecordNotFound, 404),
    (RevisionUnknown, 404),
    (MediaNotFound, 404),
    (MediaChanged, 409),
    (RecordExists, 409),
    (Conflict, 409),
    (StillReferenced, 409),
    (InvalidRecord, 422),
    (ReadOnlyContent, 403),
    (StoreUnavailable, 503),
    (NotAContentRepository, 503),
    (RegistryError, 503),
)


def install(app: Flask) -> None:
    """Register the one handler of each family."""
    app.register_error_handler(CSRFError, _old_form)
    app.register_error_handler(HTTPException, _refused)
    app.register_error_handler(LaureatError, _known)
    app.register_error_handler(Exception, _unknown)


def status_of(error: LaureatError) -> int:
    """The HTTP status of a known failure, by its class."""
    return next((status for kind, status in STATUSES if isinstance(error, kind)), 500)


def _old_form(_error: CSRFError) -> BaseResponse:
    again = guard.refused_token()
    if again is not None:
        return again
    return _page(
        400,
        _("Cette page était ouverte depuis trop longtemps"),
        _(
            "Pour votre sécurité, l’action n’a pas été faite. "
            "Revenez à la page précédente, rechargez-la et recommencez."
        ),
    )


def _refused(error: HTTPException) -> BaseResponse:
    if error.response is not None or error.code is None or error.code < 400:
        return error.get_response()
    title, sentence = WORDS.get(error.code, (mark("La demande n’a pas abouti"), mark("Recommencez dans un instant.")))
    words = _(sentence)
    if error.code == 413:
        guard.spill()
        words = _too_large() or words
    answer = _page(error.code, _(title), words)
    if error.code == 405 and isinstance(valid := getattr(error, "valid_methods", None), list):
        answer.headers["Allow"] = ", ".join(valid)
    return answer


def _too_large() -> str:
    """What may be sent at most, where a file was; "" elsewhere."""
    largest = uploads.LARGEST.get(request.endpoint or "")
    if largest is None:
        return ""
    words = _("Ce qui est envoyé dépasse %s\u00a0Mo, et n’a pas été pris. Réduisez-le ou découpez-le.")
    return words % (largest // uploads.MEGABYTE)


def _known(error: LaureatError) -> BaseResponse:
    logger.warning("%s: %s", type(error).__name__, error)
    return _page(status_of(error), _(error.message), " ".join(filter(None, (_(error.kept), _(error.hint)))))


def _unknown(error: Exception) -> BaseResponse:
    reference = secrets.token_hex(4)
    logger.error("fault %s at %s %s", reference, request.method, request.path, exc_info=error)
    return _page(
        500,
        _("L’application a rencontré une panne"),
        _(
            "Rien de ce qui était enregistré n’est touché. Revenez en arrière : votre saisie est encore là. "
            "Si la panne se répète, donnez cette référence à l’équipe technique :"
        ),
        reference,
    )


def _page(status: int, title: str, sentence: str, reference: str = "") -> Response:
    if request.accept_mimetypes.best == "application/json":
        return make_response(jsonify(error=title, hint=sentence, reference=reference), status)
    page = render_template("error.html", title=title, sentence=sentence, reference=reference, kept=_keep())
    answer = make_response(page, status)
    if status == 503:
        answer.headers["Retry-After"] = "10"
    return answer


def _keep() -> bool:
    """Keep what a form that failed held; True when it will be offered again."""
    person = g.get("account")
    if person is None or "ours" not in g:
        return False
    try:
        return keeping.keep_request(person, "fault")
    except (SQLAlchemyError, HTTPException):  # the fault may be the registry itself, or the request too large to read
        logger.exception("a form could not be kept")
        return False
