"""The quality scale: every rule with the medal that it counts for, and how it is computed where it is.

A rule is met, to do, or exempt with a written reason. A medal is earned when all rules up to it are met or
exempt. `compute` is None for what no tool can see: the agency declares it done, and says where the
evidence is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.authoring.quality.measures import Measures
from app.contract.medal import Level

Compute = Callable[[Measures], bool]


@dataclass(frozen=True, slots=True)
class ScaleRule:
    """One rule of the scale. `todo` tells the agency what to do where it is not met."""

    id: str
    level: Level
    title: str
    todo: str
    compute: Compute | None = None


def _clean(*rules: str) -> Compute:
    return lambda m: not any(f.rule in rules for f in m.findings)


SCALE: Sequence[ScaleRule] = (
    # Bronze: sound, honest, readable. Every new service has it.
    ScaleRule(
        "sound-definition",
        "bronze",
        "The definition is sound",
        "Mend what `loket service check` finds (schema, references, files).",
        _clean("schema", "references", "files", "icons"),
    ),
    ScaleRule(
        "sound-conditions",
        "bronze",
        "Every condition decides something",
        "Mend what `loket service check --rules conditions` finds.",
        _clean("conditions"),
    ),
    ScaleRule(
        "reachable",
        "bronze",
        "Every page is there for somebody",
        "Mend what `loket service check --rules reachability` finds.",
        _clean("reachability"),
    ),
    ScaleRule(
        "english",
        "bronze",
        "Everything can be read in English",
        "Complete translations/en.yaml.",
        lambda m: "en" in m.languages and not any(f.rule == "translations" for f in m.findings),
    ),
    ScaleRule(
        "plain-language",
        "bronze",
        "Short sentences and everyday words",
        "Mend what `loket service check --rules plain-language,spelling` finds.",
        _clean("plain-language", "spelling"),
    ),
    ScaleRule(
        "no-officials",
        "bronze",
        "No official appears",
        "Take out what `loket service check --rules officials,images` finds.",
        _clean("officials", "images"),
    ),
    ScaleRule(
        "asked-once",
        "bronze",
        "Nothing is asked that the state knows",
        "Add `prefill`, or leave the question out.",
        _clean("data-minimisation"),
    ),
    ScaleRule(
        "burden-bronze",
        "bronze",
        "At most 60 questions and 35 minutes",
        "Leave questions out, or split the service.",
        lambda m: m.within("bronze"),
    ),
    ScaleRule(
        "lawful-costs",
        "bronze",
        "Costs and times rest on a law that was read lately",
        "Give each cost and the processing time `legal` and `dated`.",
        _clean("costs-and-times"),
    ),
    ScaleRule(
        "reachable-office",
        "bronze",
        "A citizen reaches an office",
        "Complete `contact` and `channels`.",
        _clean("contact"),
    ),
    ScaleRule(
        "privacy-told",
        "bronze",
        "It is told how long data is kept, and who else sees it",
        "Complete `privacy`: legal_basis, retention, shared_with.",
        lambda m: m.definition.privacy.shared_with is not None,
    ),
    ScaleRule(
        "reasons-told",
        "bronze",
        "Every permission has a reason that a citizen understands",
        "Write each reason as the end of the sentence “Kami membaca … untuk …”: three words or more.",
        lambda m: all(len(str(p.reason).split()) >= 3 for p in m.definition.permissions),
    ),
    ScaleRule(
        "played",
        "bronze",
        "The whole errand can be played in the sandbox",
        "Write sandbox.yaml: what is issued when the agency accepts.",
        lambda m: m.workflow is not None and not any(f.rule == "sandbox" for f in m.findings),
    ),
    ScaleRule(
        "issued",
        "bronze",
        "Everything that is promised is issued",
        "Issue a document for each output in sandbox.yaml.",
        lambda m: (
            m.workflow is not None
            and {o.document_type for o in m.definition.outputs} <= {d.type for d in m.workflow.documents}
        ),
    ),
    ScaleRule(
        "tested",
        "bronze",
        "It has tests",
        "Keep at least one test in tests/ (`loket service walk` writes them).",
        lambda m: any((m.folder / "tests").glob("test_*.py")),
    ),
    # Silver: short, tried out, open to everybody.
    ScaleRule(
        "burden-silver",
        "silver",
        "At most 45 questions and 25 minutes",
        "Leave questions out.",
        lambda m: m.within("silver"),
    ),
    ScaleRule(
        "questions",
        "silver",
        "The title of every page is a question",
        "Write each page's title as a question that its fields answer.",
        lambda m: all(str(p.title).rstrip().endswith("?") for p in m.definition.form.pages),
    ),
    ScaleRule(
        "small-pages",
        "silver",
        "No page asks more than six things",
        "Make two pages of one.",
        lambda m: all(sum(f.type != "note" for f in p.fields) <= 6 for p in m.definition.form.pages),
    ),
    ScaleRule(
        "files-explained",
        "silver",
        "Every file that is asked for is explained",
        "Give each file and photo field a `help`.",
        lambda m: all(getattr(f, "help", None) is not None for f in m.fields if f.type in ("file", "photo")),
    ),
    ScaleRule(
        "law-linked",
        "silver",
        "At least one law can be read with one tap",
        "Give `legal` entries their `url`.",
        lambda m: any(r.url is not None for r in m.definition.legal),
    ),
    ScaleRule(
        "evidence-placed",
        "silver",
        "Every requirement says where it is taken, or that the state has it",
        "Give each requirement `field` or `concept`.",
        lambda m: all(r.field or r.concept for r in m.definition.requirements),
    ),
    ScaleRule(
        "other-channel",
        "silver",
        "The errand can be done without a phone too",
        "Name an office, a telephone or a web channel.",
        lambda m: any(c.type != "app" for c in m.definition.channels),
    ),
    ScaleRule(
        "found",
        "silver",
        "It is found by the words that people use",
        "Give at least three keywords in Indonesian and two in English.",
        lambda m: (
            len(m.definition.keywords.get("id", [])) >= 3 and len(m.definition.keywords.get("en", [])) >= 2
        ),
    ),
    ScaleRule(
        "life-event",
        "silver",
        "It belongs to a life event, or is required by none",
        "Name the life events that lead to it.",
        lambda m: bool(m.definition.life_events),
    ),
    ScaleRule(
        "walked",
        "silver",
        "Every way through the form has been walked",
        "Run `loket service walk`, also after each change of the form, and keep what it writes.",
        lambda m: m.walked,
    ),
    ScaleRule(
        "requirements-told",
        "silver",
        "What must be brought is told before the start",
        "List what the form takes as files under `requirements`, each with its `field`.",
        lambda m: (
            {f.id for f in m.top_fields if f.type in ("file", "photo") and f.required}
            <= {r.field for r in m.definition.requirements}
        ),
    ),
    ScaleRule(
        "outputs-explained",
        "silver",
        "It is told what one gets and how it looks",
        "Give at least the first output a `detail`.",
        lambda m: m.definition.outputs[0].detail is not None,
    ),
    # Gold: most of it is known already; tried with people.
    ScaleRule(
        "burden-gold",
        "gold",
        "At most 35 questions and 18 minutes",
        "Leave questions out.",
        lambda m: m.within("gold"),
    ),
    ScaleRule(
        "mostly-known",
        "gold",
        "At least a third of the answers are known to the state",
        "Take over what registers know (`prefill`).",
        lambda m: m.known_share >= 1 / 3,
    ),
    ScaleRule(
        "brief",
        "gold",
        "Sentences have fewer than twelve words on average",
        "Shorten help texts and notes.",
        lambda m: m.sentence_length < 12,
    ),
    ScaleRule(
        "few-files",
        "gold",
        "At most two files are asked for",
        "Read the register instead of the paper (`concept` of a requirement).",
        lambda m: sum(f.type in ("file", "photo") for f in m.fields) <= 2,
    ),
    ScaleRule(
        "prompt",
        "gold",
        "It is decided within three working days",
        "Promise less time, and keep it.",
        lambda m: m.days <= 3,
    ),
    ScaleRule(
        "laws-linked",
        "gold",
        "Every law can be read with one tap",
        "Give each legal entry its `url`.",
        lambda m: all(r.url is not None for r in m.definition.legal),
    ),
    ScaleRule(
        "help-everywhere",
        "gold",
        "Every page says why it asks, or how",
        "Give each page a `help`, or each of its fields.",
        lambda m: all(
            p.help is not None or any(getattr(f, "help", None) is not None for f in p.fields)
            for p in m.definition.form.pages
        ),
    ),
    ScaleRule(
        "usability-test",
        "gold",
        "Five people who need it have tried it, and what they stumbled over is mended",
        "Watch five people do it; keep the notes and declare it done.",
    ),
    ScaleRule(
        "accessibility-review",
        "gold",
        "Somebody who uses a screen reader has done the errand",
        "Have it tried with a screen reader; declare it done.",
    ),
    ScaleRule(
        "own-system",
        "gold",
        "Applications reach the agency's own system by themselves",
        "Build a connector that passes `loket connector test`; declare it done.",
    ),
    # Platinum: nearly nothing to do, and open about the result.
    ScaleRule(
        "burden-platinum",
        "platinum",
        "At most 25 questions and 12 minutes",
        "Leave questions out.",
        lambda m: m.within("platinum"),
    ),
    ScaleRule(
        "no-files",
        "platinum",
        "No file is asked for",
        "Read the register instead of the paper.",
        lambda m: not any(f.type in ("file", "photo") for f in m.fields),
    ),
    ScaleRule(
        "same-day",
        "platinum",
        "It is decided within a day",
        "Decide by rule where the law lets you.",
        lambda m: m.days <= 1,
    ),
    ScaleRule(
        "regional-language",
        "platinum",
        "It can be read in a regional language",
        "Add translations/jv.yaml, su.yaml, or another.",
        lambda m: bool(m.languages - {"id", "en"}),
    ),
    ScaleRule(
        "open-figures",
        "platinum",
        "It is published how many begin, finish and complain",
        "Publish the figures each quarter; declare it done with the address.",
    ),
    ScaleRule(
        "no-trip",
        "platinum",
        "Nobody has to come to an office for it",
        "Leave out steps that need a visit; declare it done.",
    ),
)
