"""The version of the format: which steps are taken, what they change, what stays untouched."""

from __future__ import annotations

import pytest

from participation import migrations
from participation.migrations import MIGRATIONS, SCHEMA, FormatTooNewError, Migration, plan, with_version

INSTANCE = "# the town\nschema: 1  # version of the format\ntitle: Budget participatif\n"


def rename_key(path, text):
    return text.replace("\ncolour:", "\nlook:") if path == "instance.yml" else None


def drop_pages(path, text):
    return text + "order: 1\n" if path.startswith("pages/") else None


STEPS = (Migration(2, "La clé colour devient look.", rename_key), Migration(3, "Les pages ont un ordre.", drop_pages))


@pytest.fixture
def third_version(monkeypatch):
    """The code as it will be after two changes of the format."""
    monkeypatch.setattr(migrations, "SCHEMA", 3)
    monkeypatch.setattr(migrations, "MIGRATIONS", STEPS)


FILES = {
    "instance.yml": INSTANCE + "colour: red\n",
    "pages/a.yml": "title: A\n",
    "services.yml": "[]\n",
}


@pytest.mark.usefixtures("third_version")
def test_all_missing_steps_are_taken_in_order():
    found = plan(FILES.items(), 1)
    assert (found.version, [step.to for step in found.steps]) == (1, [2, 3])
    assert found.changes == {
        "instance.yml": "# the town\nschema: 3  # version of the format\ntitle: Budget participatif\nlook: red\n",
        "pages/a.yml": "title: A\norder: 1\n",
    }


@pytest.mark.usefixtures("third_version")
def test_steps_that_were_taken_are_not_taken_again():
    found = plan(FILES.items(), 2)
    assert [step.to for step in found.steps] == [3]
    assert "colour: red" in found.changes["instance.yml"]


@pytest.mark.usefixtures("third_version")
def test_a_content_of_this_version_stays_as_it_is():
    found = plan(FILES.items(), 3)
    assert (found.steps, found.changes) == ([], {})


def test_a_content_of_a_later_version_is_refused_with_words():
    with pytest.raises(FormatTooNewError) as refused:
        plan(FILES.items(), SCHEMA + 1)
    assert str(refused.value) == (
        f"Ce contenu est au format {SCHEMA + 1}, plus récent que celui de ce logiciel ({SCHEMA}). "
        "Rien n’a été changé. Installez la dernière version de Lauréat."
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (INSTANCE, INSTANCE.replace("schema: 1", "schema: 7")),
        ("schema: 1", "schema: 7"),
        ('title: x\nschema: "1"\n', "title: x\nschema: 7\n"),
        ("title: x\n", "schema: 7\ntitle: x\n"),
        ("title: |\n  schema: 1\n", "schema: 7\ntitle: |\n  schema: 1\n"),
    ],
)
def test_the_version_is_written_and_nothing_else(text, expected):
    assert with_version(text, 7) == expected


def test_there_is_one_step_for_each_version_after_the_first():
    assert [step.to for step in MIGRATIONS] == list(range(2, SCHEMA + 1))
