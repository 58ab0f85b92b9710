"""Finding: what citizens type, where they are, and why a result stands where it does."""

from __future__ import annotations

import subprocess
import sys

import pytest
from country import SERVICES, agency, country, service
from hypothesis import given
from hypothesis import strategies as st

from app.catalogue.building import build
from app.catalogue.finding import Context, Finder, Found, explain
from app.catalogue.index import Index
from app.catalogue.ledger import Ledger
from app.catalogue.packed import NotPacked, Packed, pack
from app.catalogue.places import matching, named
from app.catalogue.roots import root
from app.catalogue.vocabulary import Vocabulary
from app.catalogue.words import edits, placed_words, words
from backend.editions import cut
from backend.sandbox.country import Country

BIRTH = "dukcapil/birth-registration"
BANDUNG = Context("32.73.02.1001")


def finder_of(parts) -> Finder:
    packed = Packed(build(parts.values()))
    return Finder(Ledger(packed), Index(packed))


@pytest.fixture(scope="module")
def small() -> Finder:
    return finder_of(country())


@pytest.fixture(scope="module")
def country_wide() -> Finder:
    made = Country(27_000, 1)
    return finder_of(cut(made.agencies(), (), made.entries()))


def ids(found: Found) -> list[str]:
    return [hit.row.id for hit in found.hits]


@pytest.mark.parametrize(
    ("typed", "language", "first"),
    [
        ("akta kelahiran", "id", BIRTH),
        ("akte lahir", "id", BIRTH),
        ("AKTÀ  kelahiran!", "id", BIRTH),
        ("kela", "id", BIRTH),
        ("kia", "id", BIRTH),
        ("saya mau bikin ktp", "id", "dukcapil/id-card"),
        ("e-ktp", "id", "dukcapil/id-card"),
        ("e ktp", "id", "dukcapil/id-card"),
        ("ektp", "id", "dukcapil/id-card"),
        ("sim", "id", "polri/driving-licence"),
        ("birth certificate", "en", BIRTH),
        ("akta kelahiran", "en", BIRTH),
        ("licence", "en", "polri/driving-licence"),
        ("bayi bpjs", "id", "bpjs/newborn"),
        ("kelakuan baik", "id", "polri/skck"),
        ("kepolisian", "id", "polri/skck"),
        # Other names, roots, run-together words.
        ("meninggal", "id", "dukcapil/death"),
        ("aktakelahiran", "id", BIRTH),
        ("bpjskesehatan", "id", "bpjs/join"),
        # One typo: replaced, missing, too many, swapped, in the first letter.
        ("kelahirab", "id", BIRTH),
        ("kelahran", "id", BIRTH),
        ("kelahiraan", "id", BIRTH),
        ("akat kelahiran", "id", BIRTH),
        ("pendduuk", "id", "dukcapil/id-card"),
        ("mengemdi", "id", "polri/driving-licence"),
        ("bpsj bayi", "id", "bpjs/newborn"),
        ("certifcate birth", "en", BIRTH),
        ("kelahr", "id", BIRTH),
        ("lelahiran", "id", BIRTH),
        ("erpanjang", "id", "polri/driving-licence"),
    ],
)
def test_the_right_service_comes_first(small: Finder, typed: str, language: str, first: str) -> None:
    found = small.find(typed, language, Context())
    assert [hit.row.id for hit in found.hits or found.near][:1] == [first]


@pytest.mark.parametrize("typed", ["", "   ", "!!!"])
def test_nothing_typed_finds_nothing(small: Finder, typed: str) -> None:
    assert small.find(typed, "id", Context()) == Found()


@pytest.mark.parametrize("typed", ["zzzzzz", "12345678", "qqqqq wwwww"])
def test_what_means_nothing_has_no_hits_and_offers_what_is_near(small: Finder, typed: str) -> None:
    found = small.find(typed, "id", Context())
    assert (found.hits, found.near, bool(found.popular)) == ((), (), True)


def test_a_limit_is_kept(small: Finder) -> None:
    assert len(small.find("akta", "id", Context(), limit=1).hits) == 1


@given(st.text(max_size=60))
def test_no_text_is_too_strange_to_be_searched(typed: str) -> None:
    finder = _once()
    found = finder.find(typed, "id", BANDUNG)
    for hit in found.hits + found.near:
        title = hit.row.title.in_("id")
        assert all(0 <= start < end <= len(title) for start, end in hit.spans)


_ONCE: list[Finder] = []


def _once() -> Finder:
    if not _ONCE:
        _ONCE.append(finder_of(country()))
    return _ONCE[0]


_TITLES = [str(one["title"]["id"]) for one in SERVICES]


@given(st.sampled_from(_TITLES), st.data())
def test_any_title_is_found_with_one_edit_in_a_long_word(title: str, data: st.DataObject) -> None:
    long = [word for word in words(title) if len(word) >= 5]
    if not long:
        return
    word = data.draw(st.sampled_from(long))
    place = data.draw(st.integers(0, len(word) - 2))
    letter = data.draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz"))
    typo = data.draw(
        st.sampled_from(
            [
                word[:place] + letter + word[place + 1 :],
                word[:place] + word[place + 1 :],
                word[:place] + letter + word[place:],
                word[:place] + word[place + 1] + word[place] + word[place + 2 :],
            ]
        )
    )
    found = _once().find(title.casefold().replace(word, typo), "id", Context(), limit=3)
    assert title in [hit.row.title.in_("id") for hit in found.hits + found.near]


# Regions


def test_my_region_comes_before_the_nation_and_others_only_when_asked(country_wide: Finder) -> None:
    found = country_wide.find("surat sehat", "id", BANDUNG)
    assert found.hits[0].row.regions == ("32.73",)
    assert not any(hit.elsewhere for hit in found.hits)
    assert found.elsewhere > 10
    others = country_wide.elsewhere("surat sehat", "id", BANDUNG)
    assert len(others) == found.elsewhere
    shown = others.hits(0, len(others))
    assert all(hit.elsewhere and "32.73" not in hit.row.regions for hit in shown)
    assert len({hit.row.id for hit in shown}) == len(shown)
    provinces = [hit.row.regions[0][:2] for hit in shown]
    assert provinces[0] == "32"
    assert "32" not in provinces[provinces.count("32") :]
    assert others.hits(3, 5) == shown[3:5]


@pytest.mark.parametrize(
    ("typed", "regions"),
    [
        ("surat sehat surabaya", {"35.78"}),
        ("surat sehat di kota surabaya", {"35.78"}),
        ("surat sehat surabya", {"35.78"}),
        ("surat sehat surab", {"35.78"}),
        ("pindah datang jakarta selatan", {"31.74"}),
        ("ganti plat jabar", {"32"}),
    ],
)
def test_an_errand_with_a_place_is_looked_for_there(
    country_wide: Finder, typed: str, regions: set[str]
) -> None:
    found = country_wide.find(typed, "id", BANDUNG)
    assert set(found.hits[0].row.regions) == regions
    assert regions <= set(found.places)


def test_what_is_only_offered_elsewhere_says_so() -> None:
    parts = country(
        [
            *SERVICES,
            service("kapal/izin", "Izin kapal ikan", regions=["71.71"], agency="kapal", produces=["vessel"]),
        ],
        [agency("kapal", "DKP Manado", "Dinas Kelautan Manado", "71.71")],
    )
    hit = finder_of(parts).find("izin kapal", "id", BANDUNG).hits[0]
    assert (hit.row.id, hit.elsewhere, hit.row.regions) == ("kapal/izin", True, ("71.71",))


def test_a_service_of_several_regions_is_found_in_each_and_only_there() -> None:
    parts = country([*SERVICES, service("x/y", "Kartu wisata", regions=["32.73", "51.71"], agency="polri")])
    finder = finder_of(parts)
    for region, elsewhere in (("32.73", False), ("51.71", False), ("11.01", True)):
        assert finder.find("kartu wisata", "id", Context(region)).hits[0].elsewhere is elsewhere


def test_a_word_of_services_is_a_region_only_where_the_query_says_so() -> None:
    def known(word: str, beginning: bool) -> bool:
        return word == "batu"

    assert named(["izin", "batu"], known) is None
    at = named(["izin", "di", "batu"], known)
    assert at is not None
    assert "35.79" in at.codes


# Ranking


def test_what_was_used_and_the_life_event_count_and_are_told(small: Finder) -> None:
    plain = small.find("bpjs", "id", Context()).hits
    used = small.find("bpjs", "id", Context(used=frozenset({plain[1].row.id}))).hits
    assert used[0].row.id == plain[1].row.id
    assert used[0].why.factors["used"] > 1
    event = small.find("bpjs", "id", Context(life_event="birth")).hits
    assert event[0].row.id == "bpjs/newborn"
    assert any("life event" in line for line in explain(event[0]))


def test_the_score_is_what_the_reasons_say(country_wide: Finder) -> None:
    for hit in country_wide.find("akte lahr anak", "id", BANDUNG).hits:
        product = sum(reason.score for reason in hit.why.reasons)
        for factor in hit.why.factors.values():
            product *= factor
        assert product == pytest.approx(hit.why.score)
        lines = explain(hit)
        assert all(any(reason.asked in line for line in lines) for reason in hit.why.reasons)


def test_what_was_met_is_highlighted(small: Finder) -> None:
    def shown(typed: str) -> list[str]:
        hit = small.find(typed, "id", Context()).hits[0]
        return [hit.row.title.in_("id")[start:end] for start, end in hit.spans]

    assert shown("akta lahr") == ["Akta", "lahir"]
    assert shown("akte lahir") == ["Akta", "lahir"]
    assert shown("kelahi") == ["kelahi"]
    assert shown("kartu pendduk") == ["Kartu", "penduduk"]


def test_life_events_that_fit_are_offered(small: Finder) -> None:
    assert [event.id for event in small.find("bayi lahir", "id", Context()).life_events] == ["birth"]


# Words


@pytest.mark.parametrize(
    ("word", "stem"),
    [
        ("mengurus", "urus"),
        ("pengurusan", "urus"),
        ("diurus", "urus"),
        ("urusan", "urus"),
        ("kelahiran", "lahir"),
        ("perkawinan", "kawin"),
        ("penyewaan", "sewa"),
        ("memperpanjang", "panjang"),
        ("kependudukan", "penduduk"),
        ("pendaftarannya", "daftar"),
        ("kehilangan", "hilang"),
        # Not cut to what is no word, nor to another word.
        ("penduduk", None),
        ("beasiswa", None),
        ("kepala", None),
        ("kesatuan", None),
        ("sim", None),
        ("dinas", None),
        ("kecamatan", None),
    ],
)
def test_words_are_cut_to_their_roots_and_no_further(word: str, stem: str | None) -> None:
    assert root(word) == stem


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [
        ("akta", "akta", 0),
        ("akta", "akat", 1),
        ("akta", "kta", 1),
        ("akta", "aktta", 1),
        ("akta", "bkta", 1),
        ("ab", "", 2),
        ("kelahiran", "kelhaira", 2),
        ("akta", "kartu", None),
    ],
)
def test_edits_are_counted(one: str, other: str, distance: int | None) -> None:
    assert edits(one, other, 2) == distance
    assert edits(other, one, 2) == distance


@given(st.lists(st.text("abcde", min_size=3, max_size=12), min_size=1, unique=True), st.data())
def test_the_table_of_typos_finds_all_that_counting_finds(known: list[str], data: st.DataObject) -> None:
    vocabulary = Vocabulary(sorted(known))
    typed = data.draw(st.text("abcde", min_size=4, max_size=12))
    most = 2 if len(typed) >= 7 else 1
    counted = {word for word in known if edits(typed, word, most if len(word) >= 7 else 1)}
    assert {vocabulary.words[number] for number in vocabulary.near(typed)} == counted


def test_words_are_folded() -> None:
    assert words("E-KTP, Akta/Kelahiran (Élan) 2 x") == ["ktp", "ektp", "akta", "kelahiran", "elan", "2", "x"]
    assert [(w.start, w.end) for w in placed_words("Akta É")] == [(0, 4), (5, 6)]


# Columns


def test_columns_come_back_as_they_were() -> None:
    from array import array

    body = pack({"n": array("I", [1, 2, 70_000]), "t": ["a", "", "é"], "none": []}, {"x": 1})
    packed = Packed(body)
    assert list(packed.numbers("n")) == [1, 2, 70_000]
    assert (packed.texts("t"), packed.texts("none"), packed.meta) == (["a", "", "é"], [], {"x": 1})


@given(st.binary(max_size=40))
def test_what_was_not_packed_is_told(body: bytes) -> None:
    for given_ in (body, b"loket 2\n" + body):
        try:
            Packed(given_)
        except (NotPacked, KeyError, TypeError):
            continue


def test_reading_the_catalogue_needs_neither_http_nor_definitions() -> None:
    code = (
        "import sys, app.catalogue.catalogue as _;"
        "heavy = ('httpx', 'pydantic', 'app.contract.definition', 'app.backend_api', 'joserfc');"
        "print([name for name in heavy if name in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("solo", "33.72"),
        ("kota bandung", "32.04"),
        ("bandung bar", "32.17"),
        ("jabar", "32"),
        ("JAKSEL", "31.74"),
        ("surabya", "35.78"),
    ],
)
def test_a_region_is_known_by_what_people_call_it(typed: str, first: str) -> None:
    assert matching(typed)[0] == first
    assert matching("") == matching("atlantis") == ()


def test_words_that_are_only_like_a_region_are_none() -> None:
    def never(word: str, beginning: bool) -> bool:
        return False

    assert named(["kucing", "terbang"], never) is None


def test_what_may_have_been_meant_is_guessed_and_finds_something(country_wide: Finder) -> None:
    found = country_wide.find("kelahirrrrannn", "id", BANDUNG)
    assert (found.hits, found.guess) == ((), "kelahiran")
    assert country_wide.find(found.guess or "", "id", BANDUNG).hits
    assert country_wide.find("akta kelahiran", "id", BANDUNG).guess is None
    assert country_wide.find("zzzzqqq", "id", BANDUNG).guess is None


def test_the_errand_is_what_remains_without_the_region(country_wide: Finder) -> None:
    assert country_wide.find("surat sehat di Kota Surabaya", "id", BANDUNG).errand == "surat sehat"
    assert country_wide.find("Jakarta Selatan: pindah", "id", BANDUNG).errand == "pindah"
    assert country_wide.find("surat sehat", "id", BANDUNG).errand is None


def test_what_is_beyond_the_limit_is_counted(small: Finder) -> None:
    one = small.find("akta", "id", Context(), limit=1)
    assert (len(one.hits), one.more) == (1, len(small.find("akta", "id", Context()).hits) - 1)


@pytest.mark.parametrize(
    ("typed", "met"),
    [("ktp", ["Kartu tanda penduduk"]), ("bpjs", ["BPJS"]), ("skck", ["SKCK"])],
)
def test_another_name_is_highlighted_whole(small: Finder, typed: str, met: list[str]) -> None:
    hit = small.find(typed, "id", Context()).hits[0]
    assert [hit.row.title.in_("id")[start:end] for start, end in hit.spans] == met


def test_the_agency_is_highlighted_too(small: Finder) -> None:
    hit = small.find("akta dukcapil", "id", Context()).hits[0]
    assert [("Dukcapil")[start:end] for start, end in hit.agency_spans] == ["Dukcapil"]


@given(st.text(max_size=40))
def test_pieces_to_highlight_are_apart_and_in_order(typed: str) -> None:
    found = _once().find(typed, "id", BANDUNG)
    for hit in found.hits + found.near + found.popular:
        for spans in (hit.spans, hit.agency_spans):
            flat = [end for span in spans for end in span]
            assert flat == sorted(flat)
