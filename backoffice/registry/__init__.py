"""The registry: accounts, sessions, sign-in attempts, kept forms, jobs. No content of the town, ever.

SQLite by default, PostgreSQL by URL. Other modules call the functions of this package's modules with a
`Registry`; none writes SQL of its own.
"""

from backoffice.registry import exchange_schema as _tables_of_exchanges  # noqa: F401 -- they are made with the others
from backoffice.registry import identities as _tables_of_identities  # noqa: F401 -- likewise
from backoffice.registry import preferences as _tables_of_preferences  # noqa: F401 -- likewise
from backoffice.registry import remote_schema as _tables_of_sharing  # noqa: F401 -- likewise
from backoffice.registry import review_schema as _tables_of_reviewing  # noqa: F401 -- they are made with the others
from backoffice.registry import tally_schema as _tables_of_the_tally  # noqa: F401 -- likewise
from backoffice.registry.database import Registry

__all__ = ["Registry"]
