"""Looking at what a remote sent before any of it enters the content.

Refused as a whole: another history, a broken instance.yml, files or numbers beyond all reason, publications that are
no chain. A single faulty record is not refused: it is told like any faulty record.
"""

from __future__ import annotations

from participation.messages import mark as _
from participation.store import process
from participation.store.errors import RevisionUnknown, StoreError
from participation.store.git import GitRepo
from participation.store.objects import EMPTY_TREE
from participation.store.publications import Publication, publication_of
from participation.store.remote import RemoteFaulty, RemoteTooLarge, merge_base
from participation.yamltext.reader import LARGEST_GEOJSON, LARGEST_YAML, read_file

INSTANCE = "instance.yml"
MOST_FILES = 200_000  # that differ from what is here
LARGEST_FILE = 256 << 20  # bytes, unpacked; of a file that records are read from far less is read
MOST_LINKS = 100_000  # publications
_LAST_MOMENT = 253_402_214_400  # seconds: the last day of the year 9999


def common_ground(arrived: GitRepo, ours: str, theirs: str) -> str:
    """The commit from which both sides come, once `theirs` may be taken over. Raises RemoteFaulty, RemoteTooLarge."""
    try:
        base = merge_base(arrived, ours, theirs)
        if base is None:
            raise RemoteFaulty(
                _("Le dépôt distant porte une autre histoire\u00a0: ce n’est pas celui de ces contenus.")
            )
        if base != theirs:
            _moments(arrived, ours, theirs)
            _files(arrived, ours, theirs)
    except RecursionError as deep:
        raise RemoteFaulty(_("Le dépôt distant contient des dossiers sans fin."), str(deep)) from deep
    return base


def _moments(arrived: GitRepo, ours: str, theirs: str) -> None:
    """Commits of a time that no calendar has would break every page that tells their date."""
    asked = ["log", "--format=%at %ct", "--end-of-options", theirs, f"^{ours}"]
    for moment in process.run(arrived.path, asked).decode("ascii", "replace").split():
        if not moment.isdecimal() or int(moment) > _LAST_MOMENT:
            raise RemoteFaulty(_("Le dépôt distant contient une version d’une date impossible."), moment[:40])


def _files(arrived: GitRepo, ours: str, theirs: str) -> None:
    before, after = arrived.commit(ours).tree, arrived.commit(theirs).tree
    new: dict[str, str] = {}
    for count, change in enumerate(arrived.diff(before, after)):
        if count >= MOST_FILES:
            raise RemoteTooLarge(f"more than {MOST_FILES} files differ")
        if change.new is not None:
            new[change.new] = change.path
    _sizes(arrived, new)
    instance = arrived.lookup(after, INSTANCE)
    if instance is None or instance.is_folder:
        raise RemoteFaulty(_("Le dépôt distant n’a pas de fichier instance.yml."))
    if instance != arrived.lookup(before, INSTANCE):
        reading = read_file(arrived.blob(instance.hash), INSTANCE)
        if reading.faulty or not reading.records:
            told = "\n".join(map(str, reading.problems))
            raise RemoteFaulty(_("Le fichier instance.yml du dépôt distant est illisible ou fautif."), told[:500])


def _sizes(arrived: GitRepo, new: dict[str, str]) -> None:
    asked = "".join(f"{blob}\n" for blob in new).encode()
    told = process.run(
        arrived.path, ["cat-file", "--batch-check=%(objectname) %(objecttype) %(objectsize)"], data=asked
    )
    for line in told.decode("ascii", "replace").splitlines():
        name, kind, size = [*line.split(" "), "", ""][:3]
        if kind == "blob" and int(size) > _most(new[name]):
            raise RemoteTooLarge(f"{new[name][:200]}: {size} bytes")


def _most(path: str) -> int:
    """Bytes of a file: one that is too large to be read is told as such, one out of all reason is not taken."""
    if path.endswith((".yml", ".yaml")):
        return 16 * LARGEST_YAML
    return 4 * LARGEST_GEOJSON if path.endswith(".geojson") else LARGEST_FILE


def chain(arrived: GitRepo, tip: str | None, mains: tuple[str, ...]) -> list[Publication]:
    """The remote's publications, newest first, back to its first one. Raises RemoteFaulty where they are no chain.

    Each took a commit that can be reached from one of `mains`.
    """
    found: list[Publication] = []
    seen: set[str] = set()
    try:
        known = set(arrived.reachable(mains[0])) | set(arrived.reachable(mains[-1])) if tip else set()
        while tip is not None:
            link = publication_of(arrived.commit(tip))
            well = link.action in ("publish", "rollback") and link.main in known and tip not in seen
            if not well or len(found) >= MOST_LINKS:
                raise RemoteFaulty(_("Les publications du dépôt distant ne forment pas une chaîne."), tip)
            seen.add(tip)
            found.append(link)
            tip = link.previous
    except (RevisionUnknown, ValueError, IndexError) as broken:
        raise RemoteFaulty(_("Les publications du dépôt distant ne forment pas une chaîne."), str(broken)) from broken
    return found


def readable(arrived: GitRepo, tree: str) -> None:
    """Refuse the tree of a publication that no site can be made from."""
    try:
        instance = arrived.lookup(tree, INSTANCE) if tree != EMPTY_TREE else None
        reading = read_file(arrived.blob(instance.hash), INSTANCE) if instance is not None else None
    except (StoreError, RecursionError) as broken:
        raise RemoteFaulty("", str(broken)) from broken
    if reading is None or reading.faulty or not reading.records:
        raise RemoteFaulty(_("La publication du dépôt distant n’a pas de fichier instance.yml lisible."))
