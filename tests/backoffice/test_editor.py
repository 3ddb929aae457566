"""The visual editor of texts: what it gives back is what it took, in node over many texts and in a real browser."""

from __future__ import annotations

import json
import random
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from backoffice.services import KEY
from participation.store import media
from participation.store.media import NewFile
from site_builder.markdown import render
from tests.backoffice.media.files import photo
from tests.backoffice.town import NOW
from tests.backoffice.visiting import sign_in

ROOT = Path(__file__).parents[2]
PROGRAM = Path(__file__).with_name("editor_round_trip.mjs")
CONTENT = """\
## Le jardin

Il est **fermé** depuis 2011. Voir [le règlement](https://exemple.fr/a_b "Règlement") et http://ville.fr/x_y.

* six bancs
* une fontaine
  1. sans eau
  2. avec eau

| Année | Coût |
|---|--:|
| 2024 | 12 000 € |
"""
WORDS = "le banc de l’école a_b 3*4 Tom & Jerry &amp; [sic] 5<6 l'eau 12. 1) # > - + | http://x.fr/a_b www.ville.fr/_x"


def through_the_editor(texts: list[str]) -> list[dict[str, str]]:
    node = shutil.which("node") or shutil.which("node", path=str(ROOT / ".venv/bin"))
    if node is None or not (ROOT / "themes/node_modules/prosemirror-model").is_dir():
        pytest.skip("node and what npm installs are missing: run make setup")
    done = subprocess.run([node, str(PROGRAM)], input=json.dumps(texts), capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_a_text_that_nobody_touched_is_given_back_byte_for_byte():
    texts = [CONTENT, "", "a  \nb", "Titre\n=====\n\n\n- x\n+ y\n", "&nbsp;&copy; *a*__b__\n\n***"]
    assert [answer["untouched"] for answer in through_the_editor(texts)] == texts


def test_what_stands_around_a_change_keeps_its_way_of_being_written():
    [answer] = through_the_editor([CONTENT])
    assert answer["longer"] == f"{CONTENT}\nFin."


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("un <b>mot</b>", "html"),
        ("<div>\nx\n</div>", "html"),
        ("<!-- à revoir -->", "html"),
        ("a[^1]\n\n[^1]: une note", "footnote"),
        ("*a *b* c*", "other"),
    ],
)
def test_a_text_that_the_editor_cannot_hold_says_why(text, why):
    assert through_the_editor([text]) == [{"why": why}]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("**gras !**&#98;ien", "**gras !**&#98;ien"),
        ("a\\*b\\*c [x] <y", "a\\*b\\*c \\[x\\] \\<y"),
        ("\\- pas une liste\\\n\\# ni un titre", "\\- pas une liste\\\n\\# ni un titre"),
        ("- a\n- b\n\n* c", "- a\n- b\n\n* c"),
        ("1. a\n\n1) b", "1. a\n\n1) b"),
        ("| a | b\\|c |\n|:-:|---|\n| 1 | `x` |", "| a | b\\|c |\n| :-: | --- |\n| 1 | `x` |"),
        ("## C \\#", "## C \\#"),
        ("~~~\n```\n~~~", "````\n```\n````"),
        ('[a](<b c> "d")', '[a](<b c> "d")'),
        ("2\\. mars", "2\\. mars"),
    ],
)
def test_what_is_written_anew_reads_back_the_same(text, written):
    [answer] = through_the_editor([text])
    assert answer["rewritten"] == written
    assert shown(answer["rewritten"]) == shown(text)


def test_any_text_shows_the_same_on_the_site_after_the_editor_wrote_all_of_it_anew():
    texts = [Writer(seed).blocks(0) for seed in range(200)]
    answers = through_the_editor(texts)
    held = [(text, answer) for text, answer in zip(texts, answers, strict=True) if "why" not in answer]
    assert len(held) > 100
    assert [text for text, answer in held if answer["untouched"] != text] == []
    assert [(text, answer["rewritten"]) for text, answer in held if shown(answer["rewritten"]) != shown(text)] == []
    assert [text for text, answer in held if shown(answer["longer"]) != shown(f"{text}\n\nFin.")] == []


def shown(text: str) -> str:
    """What the site's renderer makes of a text; blanks that no reader sees are one, at the edge of bold outside it."""
    html = re.sub(r"\s*<br>\s*", "<br>", re.sub(r"[ \n]+", " ", render(text)))
    for _ in range(3):
        html = re.sub(r"((?:<(?:strong|em)>)+) ", r" \1", html)
        html = re.sub(r" ((?:</(?:strong|em)>)+)", r"\1 ", html)
    html = re.sub(r"</(?:strong|em)>(?:</strong>|</em>)*", lambda m: "".join(sorted(re.findall("<[^>]*>", m[0]))), html)
    html = re.sub(r"<(?:strong|em)>(?:<strong>|<em>)*", lambda m: "".join(sorted(re.findall("<[^>]*>", m[0]))), html)
    return re.sub(r" *(</?(?:p|li|ul|ol|h\d|blockquote|td|th|tr|pre)[^>]*>) *", r"\1", re.sub(" +", " ", html)).strip()


class Writer:
    """Texts as people write them and as they never would, by chance from a seed."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)

    def words(self, most: int = 6) -> str:
        return " ".join(self.chance.choices(WORDS.split(), k=self.chance.randint(1, most)))

    def inline(self) -> str:
        made = [self.words()]
        for _ in range(self.chance.randint(0, 4)):
            words = self.words(3).replace("*", "×")
            shape = self.chance.choice(
                [
                    "{}",
                    "**{}**",
                    "*{}*",
                    "_{}_",
                    "***x {}***",
                    "[{}](https://a.fr/x_y)",
                    '[{}](agenda/ "un titre")',
                    "`{}`",
                ]
            )
            made.append(shape.format(words.replace("http://x.fr/a_b", "x") if shape[0] == "[" else f"a {words} b"))
        return " ".join(made)

    def blocks(self, deep: int) -> str:
        return "\n\n".join(self.block(deep) for _ in range(self.chance.randint(1, 4 if deep == 0 else 2)))

    def block(self, deep: int) -> str:
        kinds = ["text", "text", "lines", "title", "table", "code", "rule"]
        kind = self.chance.choice(kinds if deep > 2 else [*kinds, "quote", "bullets", "numbers"])
        if kind == "lines":
            return f"x {self.inline()}{self.chance.choice(['', chr(92)])}\ny {self.inline()}"
        if kind == "title":
            return "#" * self.chance.randint(1, 4) + f" x {self.inline()} y"
        if kind == "table":
            row = f"| x {self.words().replace('|', '')} | `b` | **c** |"
            return f"{row}\n|---|:-:|--:|\n{row}\n{row}"
        if kind == "code":
            return f"```\n{self.words()}\n```"
        if kind == "rule":
            return self.chance.choice(["---", "***"])
        if kind == "quote":
            return "> " + self.blocks(deep + 1).replace("\n", "\n> ")
        if kind in ("bullets", "numbers"):
            first, sign = self.chance.choice([1, 1, 7]), self.chance.choice("-*+")
            between = self.chance.choice(["\n", "\n\n"])
            signs = [f"{first + n}. " if kind == "numbers" else f"{sign} " for n in range(self.chance.randint(1, 3))]
            return between.join(one + self.blocks(deep + 1).replace("\n", "\n" + " " * len(one)) for one in signs)
        return f"x {self.inline()}"


# ---------------------------------------------------------------------------------------------- in a real browser


FRAMES = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
"""A robot types faster than a browser tells where the selection is."""


@pytest.fixture
def form(app, serve_app, page):
    with serve_app(app) as office:
        sign_in(page, office, "editor")
        page.goto(f"{office}/gestion/fiche/2026-0050")
        page.locator("#f-need-text").wait_for()
        yield page


@pytest.mark.browser
def test_a_text_is_made_bold_listed_linked_and_saved_as_markdown(form, axe):
    page = form
    text = page.get_by_role("textbox", name="Le besoin", exact=False).first
    assert text.get_attribute("id") == "f-need-text"
    before = page.locator("#f-need").input_value()
    text.click()
    page.keyboard.press("Control+Home")
    page.keyboard.press("Shift+End")
    page.evaluate(FRAMES)
    page.keyboard.press("Control+b")
    assert (
        page.locator("#f-need").input_value()
        == "**Le jardin est fermé depuis 2011.**\n\nLes enfants n’ont plus de jardin."
    )
    page.keyboard.press("Control+z")
    assert page.locator("#f-need").input_value() == before

    page.keyboard.press("Control+End")
    page.evaluate(FRAMES)
    page.keyboard.press("Enter")
    page.keyboard.type("- un banc")
    page.keyboard.press("Enter")
    page.keyboard.type("voir ")
    page.keyboard.press("Control+k")
    page.get_by_label("Adresse, ou titre d’une fiche").fill("javascript:alert(1)")
    page.get_by_role("button", name="Mettre le lien").click()
    assert page.get_by_text("Cette adresse n’est pas valable").is_visible()
    page.get_by_label("Adresse, ou titre d’une fiche").fill("lavand")
    page.get_by_role("button", name=re.compile("place des Lavandières")).click()
    assert axe(page) == []
    page.get_by_role("button", name="Mettre le lien").click()
    page.get_by_role("dialog").wait_for(state="detached")
    wanted = f"{before}\n\n- un banc\n- voir [La place des Lavandières, à l’ombre et au frais](projets/2024-P007/)"
    assert page.locator("#f-need").input_value() == wanted
    assert page.locator("#cf-need").inner_text().startswith(str(len(wanted)))

    page.keyboard.press("Tab")  # the editor is left as any field is
    assert page.evaluate("document.activeElement.id") != "f-need-text"
    page.locator(".savebar").get_by_role("button", name="Enregistrer").click()
    page.get_by_text("C’est enregistré.").wait_for()
    assert page.locator("#f-need").input_value() == wanted


@pytest.mark.browser
def test_the_switch_shows_the_markdown_and_remembers(form):
    page = form
    box = page.locator("#f-need + .editor")
    box.get_by_role("button", name="Texte Markdown").click()
    page.locator("#f-need").fill("un <b>mot</b>")
    box.get_by_role("button", name="Mise en forme").click()
    assert box.get_by_text("Ce texte contient du code HTML").is_visible()
    assert page.locator("#f-need").is_visible()
    page.locator("#f-need").fill("un *mot*")
    box.get_by_role("button", name="Mise en forme").click()
    assert page.locator("#f-need-text em").inner_text() == "mot"


WORD = """<html xmlns:o="urn:x"><head><style>p {color: red}</style></head><body><!--[if gte mso 9]><xml/><![endif]-->
<p class=MsoNormal style="margin:0">
<b style="font-weight:normal">Un</b> <span style='font-weight:bold'>jardin</span><o:p></o:p></p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'>
<span style='mso-list:Ignore'>·<span>&nbsp; </span></span>un banc</p>
<p class=MsoListParagraph style='mso-list:l0 level2 lfo1'><span style='mso-list:Ignore'>o </span>en bois</p>
<p class=MsoNormal><a href="javascript:alert(1)">ici</a> et <a href="https://ville.fr/">là</a>
<img src="https://ailleurs.example/x.png" onerror="alert(1)"><script>alert(1)</script></p></body></html>"""


@pytest.mark.browser
def test_what_is_pasted_from_word_keeps_its_words_and_loses_its_looks(form):
    page = form
    page.locator("#f-need-text").click()
    page.keyboard.press("Control+a")
    page.evaluate(
        """html => {
            const data = new DataTransfer();
            data.setData("text/html", html);
            const target = document.getElementById("f-need-text");
            target.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }""",
        WORD,
    )
    wanted = "Un **jardin**\n\n- un banc\n  - en bois\n\nici et [là](https://ville.fr/)"
    assert page.locator("#f-need").input_value() == wanted


@pytest.mark.browser
def test_a_picture_of_the_library_stands_in_the_text_with_its_words(app, form):
    picture = NewFile("2025/banc.jpg", photo(), {"title": "Un banc", "alt": "Un banc de bois"})
    media.add(app.extensions[KEY].content.store, [picture], author="agent-9", when=NOW)
    page = form
    page.locator("#f-need-text").click()
    page.locator("#f-need + .editor").get_by_role("button", name="Image").click()
    page.get_by_label("Chercher dans la médiathèque").fill("banc")
    page.get_by_role("button", name="Un banc").click()
    assert page.get_by_label("Texte alternatif").input_value() == "Un banc de bois"
    page.get_by_role("button", name="Mettre l’image").click()
    page.get_by_role("dialog").wait_for(state="detached")
    assert "![Un banc de bois](media/2025/banc.jpg)" in page.locator("#f-need").input_value()
    page.locator("#f-need-text img[data-media]").evaluate("node => node.decode()")  # it is shown, not a broken sign
