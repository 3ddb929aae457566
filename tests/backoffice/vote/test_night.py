"""Count night: two entries by two people, differences settled, sheets and ballots in the content."""

from __future__ import annotations

import io

import pytest

from backoffice.registry import accounts, tallies
from backoffice.registry.tally_schema import TallyEntry, TallyLine
from backoffice.services import KEY
from participation.counting.count import count
from participation.counting.reading import read_vote
from tests.backoffice.town import NOW

PLACE = "/gestion/vote/lieu/2026-V001"


@pytest.fixture
def night(app, browser_of):
    """Two people who enter what place 2026-V001 held."""
    return Night(app, browser_of)


class Night:
    def __init__(self, app, browser_of) -> None:
        self.registry = app.extensions[KEY].registry
        self.first, self.second = browser_of("editor"), browser_of("publisher")

    def start(self, number: int, mode: str = "ballots"):
        person = self.first if number == 1 else self.second
        person.get(PLACE)
        return person.post(f"{PLACE}/saisie", {"number": str(number), "mode": mode})

    def type(self, number: int, *lines: str, **more: str) -> None:
        person = self.first if number == 1 else self.second
        for line in lines:
            act = f"void:{line[1:]}" if line.startswith("!") else "type"
            typed = "" if line.startswith("!") else line
            person.post(f"{PLACE}/saisie/{number}", {"_do": act, "typed": typed, **more})

    def do(self, number: int, act: str, **figures: object):
        person = self.first if number == 1 else self.second
        return person.post(f"{PLACE}/saisie/{number}", {"_do": act} | {k: str(v) for k, v in figures.items()})

    def whole(self, number: int, lines: list[str], found: int, mode: str = "ballots"):
        self.start(number, mode)
        self.type(number, *lines)
        return self.do(number, "finish", found=found, signed=found)

    def take(self, person) -> None:
        """Take the first entry over, having been asked."""
        person.get(PLACE)
        person.post(f"{PLACE}/saisie", {"number": "1"})
        assert person.post(f"{PLACE}/saisie", {"number": "1", "take": "1"}).status_code == 303

    def figures(self, number: int) -> dict[str, int]:
        return tallies.entry(self.registry, "2026-V001", number).figures


BALLOTS = ["1 2", "3", "2 5", "1 2 3 4", "99", "!blank", "!illegible", "2 2"]


def test_each_line_is_kept_with_what_it_does_to_the_sums(night):
    night.start(1)
    night.type(1, *BALLOTS)
    assert night.figures(1) == {
        "valid": 3,
        "votes.2026-P001": 1,
        "votes.2026-P002": 2,
        "votes.2026-P003": 1,
        "votes.2026-P005": 1,
        "void.too_many": 1,
        "void.unknown": 1,
        "void.blank": 1,
        "void.illegible": 1,
        "void.repeated": 1,
    }
    page = night.first.get(f"{PLACE}/saisie/1").text
    assert "nul\u00a0: Trop de choix" in page


def test_a_blank_ballot_is_typed_without_leaving_the_keys(night):
    night.start(1)
    night.type(1, "b", " Blanc ")
    assert night.figures(1) == {"void.blank": 2}


def test_the_last_line_is_taken_back(night):
    night.start(1)
    night.type(1, "1 2", "3")
    night.do(1, "undo")
    assert night.figures(1) == {"valid": 1, "votes.2026-P001": 1, "votes.2026-P002": 1}


def test_a_line_that_is_sent_twice_counts_once(night):
    night.start(1)
    for _time in range(2):
        night.first.post(f"{PLACE}/saisie/1", {"_do": "type", "typed": "1", "key": "abc"})
    assert night.figures(1) == {"valid": 1, "votes.2026-P001": 1}


def test_what_is_no_number_is_not_counted_and_stays_in_the_field(night):
    night.start(1)
    answer = night.first.post(f"{PLACE}/saisie/1", {"_do": "type", "typed": "1 & 2"})
    assert answer.status_code == 422
    assert 'value="1 &amp; 2"' in answer.text
    assert night.figures(1) == {}


def test_an_entry_ends_when_its_sums_are_right_only(night):
    night.start(1)
    night.type(1, "1", "2")
    answer = night.do(1, "finish", found=3)
    assert answer.status_code == 422
    assert "il en manque 1" in answer.text
    assert night.do(1, "finish", found=2).location.endswith(PLACE)


def test_one_person_does_not_do_both_entries(night):
    night.whole(1, ["1"], 1)
    night.first.get(PLACE)
    night.first.post(f"{PLACE}/saisie", {"number": "2"})
    assert tallies.entry(night.registry, "2026-V001", 2) is None
    assert "Vous avez fait la première" in night.first.get(PLACE).text


def test_the_second_entry_does_not_show_the_first(night):
    night.whole(1, ["1 2 3"] * 4, 4)
    night.start(2)
    page = night.second.get(f"{PLACE}/saisie/2").text
    assert "0\u00a0valables" in page.replace(" valables", "\u00a0valables")


def test_an_entry_is_its_persons_until_somebody_takes_it_over(night):
    night.start(1)
    night.type(1, "1")
    assert night.second.get(f"{PLACE}/saisie/1").status_code == 303
    night.take(night.second)
    assert night.second.get(f"{PLACE}/saisie/1").status_code == 200
    assert night.figures(1)["valid"] == 1


def test_taking_an_entry_over_is_asked_with_who_has_it_and_since_when(night, clock):
    night.start(1)
    night.type(1, "1", "2")
    clock.forward(minutes=12)
    night.second.get(PLACE)
    asked = night.second.post(f"{PLACE}/saisie", {"number": "1"})
    assert asked.status_code == 200
    assert "Editor tape cette saisie depuis 10" in asked.text
    assert "2 lignes" in asked.text
    assert night.second.get(f"{PLACE}/saisie/1").status_code == 303


def test_what_the_first_person_still_types_after_a_takeover_is_kept_and_told(night):
    night.start(1)
    night.type(1, "1")
    night.take(night.second)
    sent = {"_do": "type", "typed": "4 5", "_page": f"{PLACE}/saisie/1"}
    answer = night.first.post(f"{PLACE}/saisie/1", sent)
    assert answer.status_code == 303
    page = night.first.get(answer.location).text
    assert "Publisher a pris la suite" in page
    assert night.figures(1)["valid"] == 1
    told = night.first.post(f"{PLACE}/saisie/1", sent, headers={"Accept": "application/json"})
    assert (told.status_code, "a pris la suite" in told.json["wrong"]) == (409, True)
    night.take(night.first)
    assert 'value="4 5"' in night.first.get(f"{PLACE}/saisie/1").text


def test_two_equal_entries_in_any_order_are_closed_with_sheet_and_ballots(night, store):
    night.whole(1, BALLOTS, 8)
    night.whole(2, BALLOTS[::-1], 8)
    page = night.second.get(PLACE).text
    assert "Les deux saisies sont égales" in page
    answer = night.second.post(f"{PLACE}/clore", {"signed.president": "1", "signed.scrutineer": "4"})
    assert answer.status_code == 303
    snapshot = store.snapshot()
    tally = snapshot.get("2026-V001").tally
    assert (tally.found, tally.valid, tally.signed) == (8, 3, 8)
    assert {row.reason: row.number for row in tally.void}["too_many"] == 1
    assert {row.role: row.number for row in tally.signatories} == {"president": 1, "scrutineer": 4}
    assert tally.first_by != tally.second_by
    vote = read_vote(snapshot, "2026")
    result = count(vote.rule, vote.contest, vote.box)
    assert (result.voters, sum(result.void.values())) == (3, 5)
    assert result.votes["2026-P002"] == 2


def test_ballots_lie_in_the_order_of_random_numbers(night, store):
    night.whole(1, ["1", "2", "3"] * 20, 60)
    night.whole(2, ["1", "2", "3"] * 20, 60)
    night.second.post(f"{PLACE}/clore")
    path = "editions/2026/votes/ballots-v001.csv"
    ((_path, content),) = store.snapshot().contents([path])
    ids = [line.partition(",")[0] for line in content.decode().splitlines()[1:]]
    assert ids == sorted(ids)
    assert len(ids) == 60


def test_differences_are_shown_settled_with_a_reason_and_kept(night, store):
    night.whole(1, ["1 2", "3", "5"], 3)
    night.whole(2, ["1 2", "3", "4"], 3)
    page = night.second.get(PLACE).text
    assert "Un écart entre les deux saisies" in page
    (key,) = {line.split('"')[0] for line in page.split('name="keep.')[1:]}
    refused = night.second.post(f"{PLACE}/ecarts", {f"keep.{key}": "first"})
    assert refused.status_code == 422
    assert "Écrivez pourquoi" in refused.text
    night.second.post(f"{PLACE}/ecarts", {f"keep.{key}": "first", f"reason.{key}": "Bulletin relu ensemble"})
    night.second.post(f"{PLACE}/clore")
    snapshot = store.snapshot()
    (row,) = snapshot.get("2026-V001").tally.differences
    assert (row.first, row.second, row.kept, row.reason) == ("5", "4", "5", "Bulletin relu ensemble")
    assert row.by.startswith("agent-")
    vote = read_vote(snapshot, "2026")
    assert count(vote.rule, vote.contest, vote.box).votes["2026-P005"] == 1


def test_totals_are_entered_by_figures_and_by_strokes(night, store):
    for number in (1, 2):
        night.start(number, "totals")
        night.type(number, "1", "1", "2 7", "3")
        night.do(number, "undo")
        night.do(number, "figures", valid=8, found=10, **{"void.blank": 2})
        assert night.figures(number)["votes.2026-P001"] == 2
        assert night.do(number, "finish").status_code == 303
    night.second.post(f"{PLACE}/clore")
    ((_path, content),) = store.snapshot().contents(["editions/2026/votes/totals-v001.csv"])
    assert content.decode().splitlines()[1:] == [
        "V001,valid,,8,",
        "V001,void,blank,2,",
        "V001,project,P001,2,",
        "V001,project,P002,7,",
    ]


def test_a_total_that_cannot_be_is_told_with_its_figures(night):
    night.start(1, "totals")
    night.do(1, "figures", valid=5, found=5)
    night.type(1, "1 9")
    answer = night.do(1, "finish")
    assert answer.status_code == 422
    assert "9 voix, plus que de bulletins valables (5)" in answer.text


def test_a_closed_place_opens_again_with_a_reason_only(night, store):
    night.whole(1, ["1"], 1)
    night.whole(2, ["1"], 1)
    night.second.post(f"{PLACE}/clore")
    night.second.get(PLACE)
    assert night.second.post(f"{PLACE}/rouvrir", {"reason": " "}).status_code == 422
    assert night.second.post(f"{PLACE}/rouvrir", {"reason": "Une enveloppe retrouvée"}).status_code == 303
    snapshot = store.snapshot()
    place = snapshot.get("2026-V001")
    assert place.tally.closed is None
    assert [row.reason for row in place.reopened] == ["Une enveloppe retrouvée"]
    assert not [path for path in snapshot.entries if path.endswith(".csv")]
    night.type(1, "2")
    night.do(1, "finish", found=2, signed=2)
    night.type(2, "2")
    night.do(2, "finish", found=2, signed=2)
    night.second.post(f"{PLACE}/clore")
    assert store.snapshot().get("2026-V001").tally.found == 2


def test_the_signed_sheet_stays_in_the_registry_and_its_hash_goes_into_the_sheet(night, browser_of, store):
    night.whole(1, ["1"], 1)
    night.whole(2, ["1"], 1)
    night.second.get(PLACE)
    sent = {"scan": (io.BytesIO(b"%PDF-1.4 signatures"), "feuille.pdf"), "csrf_token": night.second.token}
    night.second.client.post(f"{PLACE}/feuille", data=sent, content_type="multipart/form-data")
    night.second.post(f"{PLACE}/clore")
    snapshot = store.snapshot()
    assert len(snapshot.get("2026-V001").tally.scan) == 64
    assert not [path for path in snapshot.entries if "feuille" in path]
    assert night.second.get(f"{PLACE}/feuille").data == b"%PDF-1.4 signatures"
    assert "La voir" in night.second.get(PLACE).text
    assert browser_of("reader").get(PLACE).status_code == 403


def test_the_record_is_printed_with_its_figures_and_empty_before(night):
    assert night.first.get(f"{PLACE}/proces-verbal.pdf").data.startswith(b"%PDF")
    night.whole(1, ["1"], 1)
    night.whole(2, ["1"], 1)
    night.second.get(PLACE)
    night.second.post(f"{PLACE}/clore")
    answer = night.second.get(f"{PLACE}/proces-verbal.pdf")
    assert (answer.mimetype, answer.data[:4]) == ("application/pdf", b"%PDF")


def test_the_board_tells_the_state_of_every_place(night):
    night.whole(1, ["1"], 1)
    page = night.first.get("/gestion/vote/2026/lieux").text
    assert page.count("En attente</span>") == 3  # two places, and how many there are
    assert "Seconde saisie</span>" in page


def test_a_line_typed_after_the_session_ended_waits_in_its_field(night, clock):
    night.start(1)
    night.first.get(f"{PLACE}/saisie/1")
    clock.forward(hours=13)
    sent = {"_do": "type", "typed": "2 3", "_page": f"{PLACE}/saisie/1"}
    assert "connexion" in night.first.post(f"{PLACE}/saisie/1", sent).location
    night.first.sign_in("editor")
    assert 'value="2 3"' in night.first.get(f"{PLACE}/saisie/1").text


def test_readers_see_how_far_it_is_and_no_figure_before_the_announcement(browser_of):
    reader = browser_of("reader")
    board = reader.get("/gestion/vote/2026/lieux")
    assert (board.status_code, PLACE in board.text) == (200, False)
    assert [reader.get(page).status_code for page in (PLACE, f"{PLACE}/proces-verbal.pdf")] == [403, 403]
    assert reader.post(f"{PLACE}/saisie", {"number": "1", "mode": "ballots"}).status_code == 403


def test_whoever_typed_in_one_entry_never_makes_the_other_even_if_somebody_went_on_with_it(night, browser_of):
    night.start(1)
    night.type(1, "1")
    night.take(night.second)
    night.second.post(f"{PLACE}/saisie/1", {"_do": "finish", "found": "1", "signed": "1"})
    for person in (night.first, night.second):
        person.get(PLACE)
        person.post(f"{PLACE}/saisie", {"number": "2", "mode": "ballots"})
        assert "deux personnes différentes" in person.get(PLACE).text
    assert tallies.entry(night.registry, "2026-V001", 2) is None
    third = browser_of("administrator")
    third.get(PLACE)
    assert third.post(f"{PLACE}/saisie", {"number": "2", "mode": "ballots"}).location.endswith("/saisie/2")


def test_what_settles_a_difference_is_kept_whole(night):
    ranking = " > ".join(str(number) for number in range(1, 200))
    somebody = accounts.find(night.registry, "editor@ville.example")
    tallies.settle(night.registry, "2026-V001", "k", ranking, "Relu à deux", somebody, NOW)
    assert tallies.settled(night.registry, "2026-V001")["k"].kept == ranking


def test_ten_thousand_ballots_do_not_make_the_screen_longer(night, app):
    night.start(1)
    entry = tallies.entry(night.registry, "2026-V001", 1)
    with night.registry.begin() as transaction:
        transaction.add_all(
            TallyLine(entry_id=entry.id, key=str(n), what={"choices": ["2026-P001"]}) for n in range(10_000)
        )
        found = transaction.get(TallyEntry, entry.id)
        found.lines, found.figures = 10_000, {"valid": 10_000, "votes.2026-P001": 10_000}
    night.type(1, "2")
    page = night.first.get(f"{PLACE}/saisie/1").text
    assert page.count('<li><span class="soft">') == 12
    assert night.figures(1)["valid"] == 10_001


def test_who_may_not_enter_votes_changes_no_polling_place(night, browser_of, store):
    night.whole(1, ["1 2"], 1)
    head = store.head()
    someone, page = browser_of("contributor"), "/gestion/fiche/2026-V001"
    someone.get(page)
    for address in (page, f"{page}/corbeille", f"{page}/version/{head}"):
        assert someone.post(address, {"confirm": "1"}).status_code in (403, 404)
    assert store.head() == head
