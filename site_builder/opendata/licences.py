"""The licence of the data as machines name it: from the words in `instance.yml` to the addresses of the EU's list."""

from __future__ import annotations

import re
from typing import NamedTuple

_EU = "http://publications.europa.eu/resource/authority/licence/"


class Licence(NamedTuple):
    """The words of a licence, its own page and its name in the EU's list of licences; "" where there is none."""

    words: str
    page: str
    authority: str


_KNOWN = (
    (r"licence ouverte|etalab", "https://www.etalab.gouv.fr/licence-ouverte-open-licence/", "ETALAB_2_0"),
    (r"odbl|open database", "https://opendatacommons.org/licenses/odbl/1-0/", "ODC_BL"),
    (r"cc[ -]?by[ -]?sa\D*4", "https://creativecommons.org/licenses/by-sa/4.0/deed.fr", "CC_BYSA_4_0"),
    (r"cc[ -]?by\D*4", "https://creativecommons.org/licenses/by/4.0/deed.fr", "CC_BY_4_0"),
    (r"cc ?0|domaine public", "https://creativecommons.org/publicdomain/zero/1.0/deed.fr", "CC0"),
)


def licence_of(words: str) -> Licence:
    """The licence that these words name; unknown ones keep their words only."""
    for pattern, page, name in _KNOWN:
        if re.search(pattern, words, re.IGNORECASE):
            return Licence(words, page, f"{_EU}{name}")
    return Licence(words, "", "")
