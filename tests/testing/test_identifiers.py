"""docs/qa.md lists the identifiers that the code gives out: no more, no fewer."""

from __future__ import annotations

import re

from testing.identifiers import ROOT, in_code

TABLE = re.compile(r"<!-- identifiers -->(.*)<!-- /identifiers -->", re.DOTALL)


def in_docs() -> list[str]:
    table = TABLE.search((ROOT / "docs" / "qa.md").read_text("utf-8"))
    assert table is not None
    return re.findall(r"`([^`]+)`", table[1])


def _regex(pattern: str) -> re.Pattern[str]:
    return re.compile(".+".join(re.escape(part) for part in re.split(r"<[^>]*>", pattern)))


def _example(pattern: str) -> str:
    return re.sub(r"<[^>]*>", "x", pattern)


def test_every_identifier_of_the_code_is_documented():
    documented = [_regex(p) for p in in_docs()]
    missing = {
        pattern: place
        for pattern, place in in_code().items()
        if not any(d.fullmatch(_example(pattern)) for d in documented)
        # What begins with a place for a value is documented where the value comes from.
        and not pattern.startswith("<>")
    }
    assert not missing, f"add them to the table in docs/qa.md: {missing}"


def test_every_documented_identifier_is_in_the_code():
    code = [_regex(p) for p in in_code()]
    gone = [p for p in in_docs() if not any(c.fullmatch(_example(p)) for c in code)]
    assert not gone, f"take them out of the table in docs/qa.md, or bring them back: {gone}"
