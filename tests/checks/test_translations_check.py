from __future__ import annotations

import gettext
from collections.abc import Callable
from pathlib import Path

import pytest

from checks import translations

Tree = Callable[[dict[str, str]], Path]

PO = "assets/languages/en/LC_MESSAGES/loket.po"
HEADER = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Language: en\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"""


def catalogue(*entries: tuple[str, str]) -> str:
    return HEADER + "".join(f'\nmsgid "{source}"\nmsgstr "{text}"\n' for source, text in entries)


def told(root: Path) -> list[str]:
    """What the check says, without whether the catalogue is compiled."""
    return [str(finding) for finding in translations.check(root) if not finding.path.endswith(".mo")]


def test_a_translated_sentence_is_no_finding(tree: Tree) -> None:
    root = tree(
        {"app/a.py": '_("Halo, {name}.", name=n)\n', PO: catalogue(("Halo, {name}.", "Hello, {name}."))}
    )
    assert told(root) == []


@pytest.mark.parametrize(
    "call", ['_("Halo")', 'N_("Halo")', 'app.language.text("Halo")', 'Phrase("Halo", {})']
)
def test_a_missing_translation_is_found_where_the_sentence_is_said(tree: Tree, call: str) -> None:
    root = tree({"app/a.py": f"\n{call}\n", PO: catalogue()})
    assert told(root) == [f"app/a.py:2: not translated in {PO}: 'Halo'"]


def test_both_arms_of_a_choice_are_sentences(tree: Tree) -> None:
    root = tree({"screens/a.py": '_("Ya" if ok else "Tidak")\n', PO: catalogue(("Ya", "Yes"))})
    assert told(root) == [f"screens/a.py:1: not translated in {PO}: 'Tidak'"]


def test_strings_put_together_by_the_compiler_are_one_sentence(tree: Tree) -> None:
    root = tree({"app/a.py": '_(\n    "Satu. "\n    "Dua."\n)\n', PO: catalogue(("Satu. Dua.", "One. Two."))})
    assert told(root) == []


def test_an_unused_translation_is_found_in_the_catalogue(tree: Tree) -> None:
    root = tree({"app/a.py": "", PO: catalogue(("Halo", "Hello"))})
    assert told(root) == [f"{PO}:7: nothing in the code says 'Halo'"]


def test_a_fuzzy_translation_is_found(tree: Tree) -> None:
    root = tree({"app/a.py": '_("Halo")', PO: HEADER + '\n#, fuzzy\nmsgid "Halo"\nmsgstr "Hello"\n'})
    assert told(root) == [f"{PO}:8: 'Halo' is marked fuzzy: read it again and take the mark away"]


def test_other_places_in_the_translation_are_found(tree: Tree) -> None:
    root = tree({"app/a.py": '_("Halo {name}", name=1)', PO: catalogue(("Halo {name}", "Hello {nme}"))})
    assert told(root) == [f"{PO}:7: 'Halo {{name}}': other places than in the translation: name, nme"]


def test_a_broken_place_in_the_translation_is_found(tree: Tree) -> None:
    root = tree({"app/a.py": '_("Halo {name}", name=1)', PO: catalogue(("Halo {name}", "Hello {name"))})
    (finding,) = told(root)
    assert finding.startswith(f"{PO}:7: 'Hello {{name': ")


def test_a_variable_is_no_sentence(tree: Tree) -> None:
    root = tree({"app/a.py": '_(text)\n_(f"Halo {n}")\n', PO: catalogue()})
    assert [line.partition(": a sentence must be a literal")[0] for line in told(root)] == [
        "app/a.py:1",
        "app/a.py:2",
    ]


def test_the_message_of_a_phrase_may_be_said_as_it_is(tree: Tree) -> None:
    assert told(tree({"app/a.py": "_(phrase.message)\n", PO: catalogue()})) == []


def test_a_value_that_is_not_given_is_found(tree: Tree) -> None:
    root = tree({"app/a.py": '_("Halo {name}")', PO: catalogue(("Halo {name}", "Hello {name}"))})
    assert told(root) == ["app/a.py:1: 'Halo {name}' has places that get no value: name"]


def test_a_phrase_may_get_its_values_later(tree: Tree) -> None:
    root = tree({"app/a.py": 'N_("Halo {name}")', PO: catalogue(("Halo {name}", "Hello {name}"))})
    assert told(root) == []


def test_a_value_without_a_place_is_found(tree: Tree) -> None:
    root = tree({"app/a.py": 'N_("Halo", name=1)', PO: catalogue(("Halo", "Hello"))})
    assert told(root) == ["app/a.py:1: 'Halo' has no place for: name"]


def test_a_message_with_broken_braces_is_found(tree: Tree) -> None:
    (finding,) = told(tree({"app/a.py": '_("Halo {")', PO: catalogue(("Halo {", "Hello"))}))[:1]
    assert finding.startswith("app/a.py:1: 'Halo {': ")


def test_places_alone_need_no_translation(tree: Tree) -> None:
    assert (
        told(
            tree(
                {
                    "app/a.py": '_("{a} · {b}", a=1, b=2)\n_("{c}", c=1)',
                    PO: catalogue(("{a} · {b}", "{a} · {b}")),
                }
            )
        )
        == []
    )


def test_plural_forms_are_held_against_the_code(tree: Tree) -> None:
    code = 'language.plural("{n} hari", "{n} hari", n)'
    plural = (
        HEADER + '\nmsgid "{n} hari"\nmsgid_plural "{n} hari"\nmsgstr[0] "{n} day"\nmsgstr[1] "{n} days"\n'
    )
    assert told(tree({"app/a.py": code, PO: plural})) == []
    assert told(tree({PO: plural.replace('[1] "{n} days"', '[1] ""')})) == [
        f"app/a.py:1: not translated in {PO}: '{{n}} hari'"
    ]
    assert (
        "the plural form is not that of the code" in told(tree({PO: catalogue(("{n} hari", "{n} days"))}))[-1]
    )


def test_one_sentence_with_two_plural_forms_is_found(tree: Tree) -> None:
    root = tree(
        {"app/a.py": '_("x hari")\n.0\nl.plural("x hari", "y hari", n)', PO: catalogue(("x hari", "x"))}
    )
    assert told(root)[0] == "app/a.py:3: 'x hari' has another plural form at app/a.py:1"


def test_writing_keeps_translations_adds_what_is_new_and_drops_what_is_gone(tree: Tree) -> None:
    root = tree({"app/a.py": '_("Halo")\n_("Baru")', PO: catalogue(("Halo", "Hello"), ("Lama", "Old"))})
    left = translations.write(root)
    assert [finding.message for finding in left] == [f"not translated in {PO}: 'Baru'"]
    text = (root / PO).read_text("utf-8")
    assert 'msgid "Halo"\nmsgstr "Hello"' in text
    assert 'msgid "Baru"\nmsgstr ""' in text
    assert "Lama" not in text


def test_writing_twice_changes_nothing(tree: Tree) -> None:
    root = tree({"app/a.py": '_("Halo")', PO: catalogue(("Halo", "Hello"))})
    translations.write(root)
    first = (root / PO).read_bytes()
    assert translations.write(root) == []
    assert (root / PO).read_bytes() == first


def test_what_is_compiled_is_what_is_said(tree: Tree) -> None:
    root = tree({"app/a.py": '_("Halo")', PO: catalogue(("Halo", "Hello"))})
    translations.write(root)
    with (root / PO).with_suffix(".mo").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("Halo") == "Hello"


def test_a_compiled_catalogue_that_is_out_of_date_is_found(tree: Tree) -> None:
    root = tree({"app/a.py": '_("Halo")', PO: catalogue(("Halo", "Hello"))})
    assert "not compiled from loket.po" in str(translations.check(root)[0])
    translations.write(root)
    tree({PO: (root / PO).read_text("utf-8").replace("Hello", "Hi")})
    assert "not compiled from loket.po" in str(translations.check(root)[0])


def test_a_catalogue_that_is_none_is_found(tree: Tree) -> None:
    root = tree({"app/a.py": "", PO: "what is this\n"})
    (finding,) = told(root)
    assert finding.startswith(f"{PO}:")
    assert "not a catalogue" in finding


def test_no_catalogue_at_all_is_found(tree: Tree) -> None:
    assert told(tree({"app/a.py": ""})) == ["assets/languages: no catalogue loket.po in here"]


def test_code_that_is_no_python_is_found(tree: Tree) -> None:
    assert told(tree({"app/a.py": "def\n", PO: catalogue()}))[0].startswith("app/a.py:1: not Python")
