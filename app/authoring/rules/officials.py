"""The rule `officials`: no text names an official, carries a title, or greets."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.authoring.finding import Finding
from app.authoring.rules.rule import Rule
from app.authoring.subjects import Subject

RULE = Rule(
    name="officials",
    title="no text names an official, carries a title, or greets",
    reason=(
        "The counter is about the citizen's errand. People in office change, and a service outlives them; "
        "their "
        "names, titles and greetings take the place of what a citizen came for, and turn a public service "
        "into a "
        "campaign. So there is no place for them, and texts that smuggle them in are found."
    ),
    wrong="summary: Sambutan Kepala Dinas, Dr. H. Budi Contoh, S.H., M.Si.",
    right="summary: Catat kelahiran anak Anda.",
    exceptions=(
        "An office may be named where a citizen deals with it (“kantor kecamatan”, “surat keterangan dari "
        "kepala "
        "desa”), and a regulation by who made it (“Peraturan Menteri Dalam Negeri”, “keputusan Bupati "
        "Sleman”). "
        "“Kepala keluarga” is a word of the family card."
    ),
)

_NAME = r"[A-Z][A-Za-z'’]+"
_BEFORE = (
    r"(?:Prof|Dr|dr|drg|Drs|Dra|Ir|KH|Hj|H|Tgk|Tuan "
    r"Guru|Ust|R\.?M|R\.?A|Kombes|AKBP|AKP|Brigjen|Mayjen|Letjen|"
    r"Irjen|Komjen|Kolonel|Jenderal|Laksamana|Marsekal)"
)
_AFTER = (
    r"(?:S\.?H|S\.?E|S\.?T|S\.?Sos|S\.?Kom|S\.?Pd|S\.?Ag|S\.?IP|S\.?I\.?P|S\.?STP|S\.?Psi|S\.?Si|S\.?Farm|S\.?Kep|"
    r"M\.?Si|M\.?H|M\.?M|M\.?T|M\.?A\.?P|M\.?AP|M\.?Pd|M\.?Kom|M\.?Kes|M\.?Sc|M\.?Hum|M\.?Ag|M\.?Eng|M\.?B\.?A|"
    r"Sp\.?[A-Z]\w*|Ph\.?D|Lc|A\.?Md|Apt|Ak)"
)
_OFFICE = (
    r"(?:[Bb]upati|[Ww]ali\s?[Kk]ota|[Gg]ubernur|[Mm]enteri|[Pp]residen|[Ww]akil (?:[Bb]upati|[Ww]ali "
    r"?[Kk]ota|"
    r"[Gg]ubernur|[Pp]residen|[Mm]enteri)|[Kk]apol(?:ri|da|res|sek)|[Dd]anramil|[Ss]ekretaris "
    r"[Dd]aerah|[Ss]ekda|"
    r"[Dd]irektur [Jj]enderal|[Dd]irjen|[Rr]ektor)"
)
_HEAD = r"[Kk]epala (?:[Dd]inas|[Bb]adan|[Kk]antor|[Bb]iro|[Bb]idang|[Ss]eksi|[Bb]agian|UPT|[Pp]uskesmas)"
_RULING = re.compile(
    r"(?:peraturan|keputusan|instruksi|surat edaran|penetapan|izin|persetujuan|permen|perda|rekomendasi|"
    r"decree|regulation|decision|approval)(?:\s+(?:dari|oleh|of|by|the))*\s*$",
    re.IGNORECASE,
)

_TITLED = re.compile(rf"\b{_BEFORE}\.\s*(?:{_BEFORE}\.\s*)*{_NAME}|{_NAME},?\s*,\s*{_AFTER}\.?(?![A-Za-z])")
_IN_OFFICE = re.compile(rf"\b(?:{_OFFICE}|{_HEAD})\b(?:\s+{_NAME})*")
_ENGLISH = re.compile(
    r"\b(?:[Mm]ayor|[Gg]overnor|[Mm]inister|[Rr]egent|[Hh]ead of (?:the "
    r")?(?:[Oo]ffice|[Dd]epartment|[Aa]gency))\b"
    rf"(?:\s+{_NAME})*"
)
_GREETING = re.compile(
    r"\b(?:kata sambutan|sambutan|dengan hormat|yang "
    r"terhormat|yth\.?|assalamu.?alaikum\w*|wassalamu.?alaikum\w*|"
    r"salam sejahtera|om swastiastu|namo buddhaya|salam kebajikan|selamat datang|puji syukur|segenap jajaran|"
    r"beserta jajaran|atas nama pimpinan|dear sir|dear madam|welcome message|a word from|foreword)\b",
    re.IGNORECASE,
)


def validate(subject: Subject) -> Iterator[Finding]:
    """Every text in every language; in the titles of laws only names with titles are looked for."""
    for text in subject.texts:
        law = text.names[:1] == ("legal",)
        if match := _TITLED.search(text.text):
            yield subject.in_text(
                RULE.name,
                text,
                match[0],
                f'a name with a title: "{match[0]}".',
                "Name the office, not the person.",
            )
            continue
        if law:
            continue
        if match := _GREETING.search(text.text):
            yield subject.in_text(
                RULE.name,
                text,
                match[0],
                f'a greeting: "{match[0]}".',
                "Leave it out and say what the service does.",
            )
            continue
        pattern = _IN_OFFICE if text.language != "en" else _ENGLISH
        for match in pattern.finditer(text.text):
            if not _RULING.search(text.text[: match.start()]):
                yield subject.in_text(
                    RULE.name,
                    text,
                    match[0],
                    f'an official: "{match[0]}".',
                    "Name the office: “kantor …”, “pemerintah …”.",
                )
                break
