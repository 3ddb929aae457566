"""Looking an address up, at the service that the town names and only when somebody asks.

The service speaks as the French base of addresses (BAN) does (GET with `q`, a GeoJSON FeatureCollection as answer).
What is sent is the text, and the middle of the town so that its streets come first; never anything of an account.
"""

from __future__ import annotations

import http.client
import json
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from participation.messages import mark as _
from participation.problems import LaureatError

PATIENCE = 4.0  # seconds for the whole answer: somebody waits for the page
LARGEST = 256 * 1024  # bytes of an answer
SHORTEST, LONGEST, MOST = 3, 200, 5


class AddressesUnavailable(LaureatError):
    """The service of addresses gave no answer that can be used; the page says why, nothing typed is lost."""


@dataclass(frozen=True, slots=True)
class Found:
    """One address that matches: its words, WGS84 degrees as text."""

    label: str
    longitude: str
    latitude: str


class _NoOtherWay(urllib.request.HTTPRedirectHandler):
    """A redirection is not followed: the town named one host, and only that one learns the address."""

    def redirect_request(self, *_request: Any) -> None:
        return None


def look_up(service: str, text: str, near: tuple[float, float] | None) -> list[Found]:
    """The best matches of `text`, those near (longitude, latitude) first; raises AddressesUnavailable."""
    asked = {"q": text[:LONGEST], "limit": str(MOST)}
    if near is not None:
        asked |= {"lon": f"{near[0]:.3f}", "lat": f"{near[1]:.3f}"}
    address = f"{service}{'&' if urlsplit(service).query else '?'}{urlencode(asked)}"
    try:
        return _matches(json.loads(_fetched(address)))
    except TimeoutError as late:
        raise AddressesUnavailable(_("Le service d’adresses ne répond pas à temps.")) from late
    except urllib.error.HTTPError as refused:
        refused.close()
        words = _("Le service d’adresses refuse de répondre (%s).") % refused.code
        raise AddressesUnavailable(words) from refused
    except urllib.error.URLError as fault:
        if isinstance(fault.reason, TimeoutError):
            raise AddressesUnavailable(_("Le service d’adresses ne répond pas à temps.")) from fault
        raise AddressesUnavailable(_("Le service d’adresses ne répond pas.")) from fault
    except (OSError, http.client.HTTPException) as fault:
        raise AddressesUnavailable(_("Le service d’adresses ne répond pas.")) from fault
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as odd:
        raise AddressesUnavailable(_("Le service d’adresses a répondu autre chose que des adresses.")) from odd


def _fetched(address: str) -> bytes:
    if urlsplit(address).scheme not in ("http", "https"):
        raise ValueError(address)
    opener = urllib.request.build_opener(_NoOtherWay)
    request = urllib.request.Request(address, headers={"Accept": "application/json", "User-Agent": "Laureat"})  # noqa: S310 -- http(s) only, see above
    until = time.monotonic() + PATIENCE
    body = b""
    with opener.open(request, timeout=PATIENCE) as answer:
        while chunk := answer.read1(65_536):
            body += chunk
            if len(body) > LARGEST:
                raise ValueError("too long")
            if time.monotonic() > until:  # one that answers letter by letter
                raise TimeoutError
    return body


def _matches(answer: Mapping[str, Any]) -> list[Found]:
    found = []
    for feature in answer["features"][:MOST]:
        longitude, latitude = feature["geometry"]["coordinates"][:2]
        label = " ".join(str(feature["properties"].get("label") or feature["properties"].get("name")).split())
        if -180 <= longitude <= 180 and -90 <= latitude <= 90:
            found.append(Found(label[:LONGEST], f"{longitude:.6f}", f"{latitude:.6f}"))
    return found
