"""The names of the kinds of job, shared by those who ask for them and the worker that runs them."""

PUBLISH = "publish"
ROLLBACK = "rollback"
SEARCH = "search"
DATA = "data"
SHARING = "sharing"
WEIGHING = "weighing"
MAINTENANCE = "maintenance"
