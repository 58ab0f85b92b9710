"""Breaks the sample service in one place at a time, and knows which rule must say so, and in which line."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from authoring.sample_service import ENGLISH, SANDBOX, SERVICE

FILES = {"service.yaml": SERVICE, "translations/en.yaml": ENGLISH, "sandbox.yaml": SANDBOX}


@dataclass(frozen=True, slots=True)
class Mutation:
    """One fault: `file` becomes `text`, and `rule` is to be found in `found_in` at `line`."""

    kind: str
    file: str
    text: str
    rule: str
    line: int
    found_in: str = ""

    @property
    def told_in(self) -> str:
        """The file in which the finding is expected."""
        return self.found_in or self.file

    def __str__(self) -> str:
        return f"{self.kind}-{self.told_in.rpartition('/')[2]}-{self.line}"


Replacement = str | Callable[["re.Match[str]"], str]


def _each(
    kind: str,
    rule: str,
    pattern: str,
    replacement: Replacement,
    *,
    file: str = "service.yaml",
    at: int = 0,
    most: int = 12,
) -> Iterator[Mutation]:
    """One mutation for each place that `pattern` fits; the finding is `at` lines below the match's first
    line."""
    source = FILES[file]
    for match in list(re.finditer(pattern, source, re.MULTILINE))[:most]:
        new = match.expand(replacement) if isinstance(replacement, str) else replacement(match)
        line = source.count("\n", 0, match.start()) + 1 + at
        yield Mutation(kind, file, source[: match.start()] + new + source[match.end() :], rule, line)


def _line_of(words: str, text: str = SERVICE) -> int:
    return next(i for i, line in enumerate(text.splitlines(), 1) if words in line)


def _into_text(kind: str, rule: str, words: str, most: int = 6) -> Iterator[Mutation]:
    """Words put into texts, one after another."""
    return _each(kind, rule, r"^( +(?:help|detail|retention|label): )(.+)$", rf"\1{words}", most=most)


def mutations() -> list[Mutation]:
    """All of them, the same every time."""
    found = [
        *_each("misspelt key", "schema", r"\b(label|help|title|legal|dated): ", lambda m: f"{m[1][:-1]}x: "),
        *_each("word for a number", "schema", r"(max_length|minimum|maximum|amount): \d+", r"\1: banyak"),
        *_each("number for a text", "schema", r'phone: "150000"', "phone: 150000"),
        *_each(
            "unknown field type", "schema", r"type: (text|long_text|integer|date|kk|phone)$", r"type: \1zz"
        ),
        *_each("least above most", "schema", r"min_length: \d+", "min_length: 999"),
        *_each("broken pattern", "schema", r'pattern: "\[A-Za-z0-9 \]\+"', 'pattern: "[A-Z"'),
        *_each("slow pattern", "schema", r'pattern: "\[A-Za-z0-9 \]\+"', 'pattern: "([a-z]+)*"'),
        *_each("summary names nothing", "schema", r'summary: "\{helper_name\}"', 'summary: "{nobody}"'),
        *_each("tab", "schema", r"^    (title|label|hours): ", "\t\\1: "),
        *_each("key twice", "schema", r"^( +)(step: \w+)$", r"\1\2\n\1\2", at=1),
        *_each("alias", "schema", r"^( +)title: (Gratis.*)$", r"\1title: *gratis"),
        *_each("anchor", "schema", r"^( +)title: (Lewat.*)$", r"\1title: &loket \2"),
        *_each("impossible date", "schema", r"dated: 2026-10-05", "dated: 2026-13-05"),
        *_each("unknown icon", "icons", r"icon: complaint", "icon: trumpet"),
        *_each(
            "id of another folder", "references", r"^id: kota-contoh/izin-keramaian", "id: kota-contoh/lain"
        ),
        *_each(
            "law that is not there", "references", r"(legal|legal_basis): perda-3-2024", r"\1: perda-9-2024"
        ),
        *_each("field that is not there", "references", r"field: plan$", "field: plane"),
        *_each("unknown life event", "references", r"\[marriage\]", "[party]"),
        *_each("unknown service", "references", r"\[dukcapil/birth-registration\]", "[dukcapil/nothing]"),
        *_each("field id twice", "references", r"- id: (day|guests|closed|crowd_plan|card)$", "- id: name"),
        *_each("page id twice", "references", r"- id: (place|crowd|reply)$", "- id: event"),
        *_each("page called check", "references", r"- id: (event|place|crowd|reply)$", "- id: check"),
        *_each(
            "no permission",
            "references",
            r"prefill: (person\.phone|family\.card_number)",
            "prefill: person.email",
        ),
        *_each("unique names nothing", "references", r"unique: helper_name", "unique: helper_nick"),
        *_each("condition names nothing", "conditions", r"when: \{field: (\w+),", r"when: {field: \1x,"),
        *_each("condition of another kind", "conditions", r"(more_than): 200", r"\1: 2026-01-01"),
        *_each("no such option", "conditions", r"is: street", "is: river"),
        *_each("word for a choice", "conditions", r"is: street", "is: true"),
        *_each("never true", "reachability", r"more_than: 200", "more_than: 6000"),
        *_each(
            "always true",
            "conditions",
            r"^      when: \{field: guests, more_than: 200\}$",
            "      when: {field: guests, at_least: 1}",
        ),
        *_unreachable(),
        *_into_text("long sentence", "plain-language", " ".join(["kata"] * 30)),
        *_into_text("jargon", "plain-language", "Pemohon mengisi di sini"),
        *_into_text("programmer's word", "plain-language", "Silakan upload di sini"),
        *_into_text("blame", "plain-language", "Anda salah mengisi", most=5),
        *_into_text("shouting", "plain-language", "HARAP DIISI LENGKAP", most=5),
        *_into_text("spelling", "spelling", "Silahkan isi", most=8),
        *_into_text("two spaces", "spelling", "Isi  di sini", most=5),
        *_into_text("greeting", "officials", "Dengan hormat kami sampaikan"),
        *_into_text("name with a title", "officials", "Disetujui Dr. Budi Contoh"),
        *_into_text("degrees", "officials", '"Budi Contoh, S.H., M.Si."'),
        *_into_text("official", "officials", "Dari Bupati Contoh untuk Anda"),
        *_into_text("head of an office", "officials", "Pesan kepala dinas"),
        *_into_text("image", "images", '"![foto](https://kota.example/a.jpg)"', most=5),
        *_each(
            "cost without a law",
            "costs-and-times",
            r"^  - amount: (\d+)\n(.*\n)    legal: .*$",
            r"  - amount: \1\n\2    # x",
        ),
        *_each("future date", "costs-and-times", r"dated: 2026-10-05", "dated: 2027-10-05"),
        *_each("old date", "costs-and-times", r"dated: 2026-10-05", "dated: 2019-10-05"),
        *_each(
            "no way to reach it",
            "contact",
            r"^contact:\n  title: (.*)\n(?:  .*\n)+",
            r"contact:\n  title: \1\n",
        ),
        *_each("number nobody can dial", "contact", r'phone: "150000"', 'phone: "12 apel"'),
        *_each("free mailbox", "contact", r"email: .*", "email: kota@gmail.com"),
        *_each(
            "office without hours",
            "contact",
            r"^  - type: office\n    title: (.*)\n    hours: .*$",
            r"  - type: office\n    title: \1",
        ),
        *_each("not the app", "contact", r"^(channels:\n  - type: )app", r"\1web"),
        *_added_permission(),
        *_each(
            "typed though known",
            "data-minimisation",
            r"^( +)concept: (\S+)\n +prefill: .*$",
            r"\1concept: \2",
        ),
        *_each("copy of a card", "data-minimisation", r"label: Gambar tempat acara", "label: Foto KTP"),
        *_missing_translation(),
        *_each(
            "left-over translation",
            "translations",
            r"^( +)(title|label|detail|reason): ",
            r"\1\2z: ",
            file="translations/en.yaml",
        ),
        *_each(
            "empty translation",
            "translations",
            r"^( +)(title|label): .*$",
            r"\1\2:",
            file="translations/en.yaml",
            most=8,
        ),
        *_each(
            "document that is not promised",
            "sandbox",
            r"type: crowd-permit",
            "type: passport",
            file="sandbox.yaml",
        ),
        *_each("claim without words", "sandbox", r"^      day:", "      when:", file="sandbox.yaml"),
    ]
    random.Random(27).shuffle(found)  # noqa: S311 (only an order)
    return found


def _unreachable() -> Iterator[Mutation]:
    """A field inside a page whose condition contradicts its own."""
    source = SERVICE.replace(
        "          label: Rencana Anda\n",
        "          label: Rencana Anda\n          when: {field: guests, less_than: 100}\n",
    )
    yield Mutation(
        "unreachable field", "service.yaml", source, "reachability", _line_of("less_than: 100", source)
    )
    source = SERVICE.replace(
        "          label: Apakah jalan perlu ditutup?\n          when: {field: where, is: street}\n",
        "          label: Apakah jalan perlu ditutup?\n          when: {field: where, is: street}\n"
        "        - id: detour\n          type: text\n          label: Jalan lain\n"
        "          when: {all: [{field: closed, is: true}, {field: where, is: hall}]}\n",
    )
    line = _line_of("is: hall}]}", source)
    yield Mutation("unreachable by another field", "service.yaml", source, "reachability", line)


def _added_permission() -> Iterator[Mutation]:
    for concept in ("person.email", "person.sex", "person.address"):
        source = SERVICE.replace(
            "permissions:\n",
            f"permissions:\n  - concept: {concept}\n    reason: untuk berjaga-jaga saja nanti\n",
        )
        yield Mutation(
            "unused permission", "service.yaml", source, "data-minimisation", _line_of(concept, source)
        )


def _missing_translation() -> Iterator[Mutation]:
    """A line taken out of the English file: told where the Indonesian text stands."""
    places = {
        "      retention: ": "retention:",
        "    detail: Signed electronically.\n": "Bertanda tangan elektronik",
        "          pattern_message: Use letters and digits only.\n": "pattern_message:",
        "          help: A mobile number that works.\n": "Nomor ponsel yang aktif",
        "      help: The place decides whom we ask.\n": "Tempat menentukan siapa",
        "  shared_with: The transport office, where a street is closed.\n": "shared_with:",
    }
    for words, said in places.items():
        if words in ENGLISH:
            text = ENGLISH.replace(words, "")
            yield Mutation(
                "missing translation",
                "translations/en.yaml",
                text,
                "translations",
                _line_of(said),
                "service.yaml",
            )
