"""The rule `burden`: a form asks no more than a person can do between two stops of a bus."""

from __future__ import annotations

from collections.abc import Iterator

from app.authoring.burden import BUDGET, Burden, burden_of
from app.authoring.finding import Finding
from app.authoring.rules.rule import Rule
from app.authoring.subjects import Subject

RULE = Rule(
    name="burden",
    title="a form asks no more than a person can give at once",
    reason=(
        "Every question costs some of the people who begin. The burden of a form is published: the questions "
        "that a citizen answers by hand where everything applies to them, the words they read, and the "
        "minutes "
        f"it takes. A form may ask at most {BUDGET['bronze'].questions} questions in "
        f"{BUDGET['bronze'].minutes} minutes; the higher medals ask for less."
    ),
    wrong="form:\n  pages:      # 61 questions on 9 pages\n    - id: everything",
    right="form:\n  pages:      # 14 questions, 9 of them known to the state\n    - id: parents",
    exceptions=(
        "A form that the law itself fixes may be longer: say so in `quality.yaml` "
        "(`burden: {exempt: UU 7/2021 art. 3 lists the questions}`)."
    ),
)


def validate(subject: Subject) -> Iterator[Finding]:
    """The burden against the least budget; a page that asks too much at once."""
    definition = subject.definition
    if definition is None:
        return
    from app.authoring.quality.declared import read_declared

    burden = burden_of(definition)
    most = BUDGET["bronze"]
    if "burden" not in read_declared(subject.folder).exempt and _over(burden, most):
        yield subject.finding(
            RULE.name,
            ("form",),
            f"{burden.questions} questions, {burden.words} words, some {burden.minutes} minutes.",
            f"At most {most.questions} questions and {most.minutes} minutes: leave out what is known or "
            f"not needed.",
        )
    for i, page in enumerate(definition.form.pages):
        asked = sum(f.type != "note" for f in page.fields)
        if asked > 8:
            yield subject.finding(
                RULE.name,
                ("form", "pages", i),
                f'the page "{page.id}" asks {asked} things at once.',
                "Make two pages of it: one page, one question.",
            )


def _over(burden: Burden, most: Burden) -> bool:
    return burden.questions > most.questions or burden.minutes > most.minutes
