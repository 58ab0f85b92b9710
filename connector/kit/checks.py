"""What a system must do with what is delivered to it: each check sends something and judges the answer."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from app.contract.deliveries import ID_HEADER, MOST_BYTES, SIGNATURE_HEADER, TOLERANCE_SECONDS
from connector.kit.bench import Answer, Bench
from connector.kit.letters import Letter

LONG_AGO: Final = timedelta(seconds=2 * TOLERANCE_SECONDS)
LARGE_BYTES: Final = 1_000_000
SOON_SECONDS: Final = 10.0

TAKEN = "2xx"
REFUSED = "4xx, and not 410"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check came to. `came`: what was seen."""

    passed: bool
    came: str


Run = Callable[[Bench], Awaitable[Verdict]]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that is asked. `advice`: what to do where it fails."""

    name: str
    expected: str
    advice: str
    run: Run


CHECKS: list[Check] = []


def check(expected: str, advice: str) -> Callable[[Run], Run]:
    """Makes a check of a function: its name says what is asked."""

    def kept(run: Run) -> Run:
        CHECKS.append(Check(getattr(run, "__name__", "").replace("_", "-"), expected, advice, run))
        return run

    return kept


def _taken(*answers: Answer) -> Verdict:
    wrong = [answer for answer in answers if not answer.taken]
    return Verdict(not wrong, (wrong or answers)[0].words)


def _refused(answer: Answer) -> Verdict:
    return Verdict(answer.refused, answer.words)


@check(
    TAKEN, "Keep the delivery where it survives a power cut, and answer 204 at once. Work on it afterwards."
)
async def takes_a_delivery(bench: Bench) -> Verdict:
    """The plain case."""
    return _taken(await bench.send(bench.letter()))


@check(
    f"{TAKEN} both times",
    "An answer can be lost, so the same webhook-id comes again: look it up, do nothing more, and answer 2xx.",
)
async def takes_the_same_again(bench: Bench) -> Verdict:
    """The same identifier and bytes, at another time."""
    letter = bench.letter()
    return _taken(await bench.send(letter), await bench.send(letter, late=timedelta(seconds=1)))


@check(
    f"{TAKEN} for one at least; for the others {TAKEN}, 409, 425, 429 or 503",
    "Let a unique key in your database decide which one is the first; the others have come already.",
)
async def takes_the_same_five_times_at_once(bench: Bench) -> Verdict:
    """As after a network fault, when an attempt and its retry arrive together."""
    letter = bench.letter()
    answers = await asyncio.gather(*(bench.send(letter) for _ in range(5)))
    wrong = [answer for answer in answers if not (answer.taken or answer.later)]
    taken = any(answer.taken for answer in answers)
    return Verdict(taken and not wrong, (wrong or answers)[0].words)


@check(
    f"{TAKEN} both times",
    "application.answered is the same application, with new answers and a higher sequence.",
)
async def takes_an_answer(bench: Bench) -> Verdict:
    """An application, and what its citizen answered later."""
    reference = bench.reference()
    changed = {**bench.sample.answers, "full_name": "Bima Sakti Contoh"}
    return _taken(
        await bench.send(bench.letter(reference)),
        await bench.send(bench.letter(reference, 2, answers=changed)),
    )


@check(
    f"{TAKEN} both times",
    "An older delivery can come after a newer one: keep what has the higher sequence, and answer 2xx.",
)
async def takes_what_comes_late(bench: Bench) -> Verdict:
    """The second of an application before the first."""
    reference = bench.reference()
    return _taken(await bench.send(bench.letter(reference, 2)), await bench.send(bench.letter(reference, 1)))


@check(
    TAKEN,
    "While a key is changed, webhook-signature has several entries, spaces between: one good v1a is enough.",
)
async def takes_one_good_signature_among_others(bench: Bench) -> Verdict:
    """As while the key is changed, and of a version that is not known yet."""
    letter = bench.letter()
    headers = letter.headers(bench.now(), bench.stranger, bench.signer)
    headers[SIGNATURE_HEADER] = f"v9,AAAA v1a,%%% {headers[SIGNATURE_HEADER]}"
    return _taken(await bench.post(letter.body, headers))


@check(TAKEN, "A newer backend may send more than you know: ignore names that you do not know.")
async def takes_unknown_fields(bench: Bench) -> Verdict:
    """As from a newer backend."""
    letter = bench.letter(envelope={"priority": {"level": 3}, "data_version": 9})
    return _taken(await bench.send(letter))


@check(
    TAKEN,
    "A newer backend may tell of other things: take an unknown type, or it comes again for a week.",
)
async def takes_an_unknown_type(bench: Bench) -> Verdict:
    """As from a newer backend."""
    return _taken(await bench.send(bench.letter(envelope={"type": "application.moved"})))


@check(
    f"{TAKEN}, or {REFUSED}",
    "A service can be published before your system knows it: keep its applications for a person.",
)
async def survives_an_unknown_service(bench: Bench) -> Verdict:
    """A service of the same agency that the system has never heard of."""
    answer = await bench.send(bench.letter(service=f"{bench.sample.agency}/published-this-morning"))
    return Verdict(answer.taken or answer.refused, answer.words)


@check(
    TAKEN,
    f"Bodies have up to {MOST_BYTES:,} bytes. Raise the limit of your server and of the proxy before it.",
)
async def takes_a_large_delivery(bench: Bench) -> Verdict:
    """As large as the answers of one application may be."""
    answers = {**bench.sample.answers, "story": "a" * LARGE_BYTES}
    return _taken(await bench.send(bench.letter(answers=answers)))


@check(
    f"413 or another {REFUSED}, or a closed connection; and the next delivery is taken",
    f"Stop reading after {MOST_BYTES:,} bytes: whoever sends more is not the backend.",
)
async def refuses_what_is_too_large(bench: Bench) -> Verdict:
    """More than the backend ever sends."""
    answers = {**bench.sample.answers, "story": "a" * (MOST_BYTES + LARGE_BYTES)}
    answer = await bench.send(bench.letter(answers=answers))
    after = await bench.send(bench.letter())
    closed = answer.status is None and "no answer" not in answer.words
    return Verdict((answer.refused or closed) and after.taken, answer.words if after.taken else after.words)


@check(REFUSED, "Refuse what has no webhook-signature: anybody may have sent it.")
async def refuses_what_is_not_signed(bench: Bench) -> Verdict:
    """No headers but the type."""
    return _refused(await bench.post(bench.letter().body, {"Content-Type": "application/json"}))


@check(REFUSED, "Verify the signature over `<webhook-id>.<webhook-timestamp>.<body>` with the published key.")
async def refuses_a_wrong_signature(bench: Bench) -> Verdict:
    """64 bytes that sign nothing."""
    letter = bench.letter()
    headers = letter.headers(bench.now(), bench.signer)
    headers[SIGNATURE_HEADER] = f"v1a,{base64.b64encode(bytes(64)).decode()}"
    return _refused(await bench.post(letter.body, headers))


@check(REFUSED, "Trust the keys at /v1/connectors/<agency>/keys, and no other.")
async def refuses_another_key(bench: Bench) -> Verdict:
    """A good signature by somebody else."""
    return _refused(await bench.send(bench.letter(), bench.stranger))


@check(REFUSED, "Verify the bytes as they came, before anything parses them.")
async def refuses_a_changed_body(bench: Bench) -> Verdict:
    """One more space than was signed: the same JSON, other bytes."""
    letter = bench.letter()
    return _refused(await bench.post(letter.body + b" ", letter.headers(bench.now(), bench.signer)))


@check(REFUSED, "The webhook-id is part of what is signed.")
async def refuses_a_changed_identifier(bench: Bench) -> Verdict:
    """What was signed under another identifier: a replay that would not be known as one."""
    letter = bench.letter()
    headers = letter.headers(bench.now(), bench.signer) | {ID_HEADER: f"{letter.id}9"}
    return _refused(await bench.post(letter.body, headers))


@check(REFUSED, f"Refuse a webhook-timestamp that is more than {TOLERANCE_SECONDS} seconds from your clock.")
async def refuses_what_is_old(bench: Bench) -> Verdict:
    """A good signature of ten minutes ago: somebody has kept it."""
    return _refused(await bench.send(bench.letter(), late=LONG_AGO))


@check(REFUSED, f"Refuse a webhook-timestamp that is more than {TOLERANCE_SECONDS} seconds from your clock.")
async def refuses_what_is_of_the_future(bench: Bench) -> Verdict:
    """A good signature of in ten minutes: it could be kept until then."""
    return _refused(await bench.send(bench.letter(), late=-LONG_AGO))


@check(REFUSED, "Compare `agency` with your own: refuse what was meant for another.")
async def refuses_what_is_for_another_agency(bench: Bench) -> Verdict:
    """Rightly signed, and for somebody else."""
    return _refused(await bench.send(bench.letter(envelope={"agency": "another-agency"})))


@check(REFUSED, "Answer 400 to a body that is not what you expect; do not let it break the program.")
async def refuses_what_is_not_json(bench: Bench) -> Verdict:
    """Rightly signed, and no JSON."""
    return _refused(await bench.send(Letter(bench.letter().id, b'{"type": "application.rec')))


@check(
    f"the others: {TAKEN}; the slow one: {TAKEN}, 408 or a closed connection",
    "Read bodies without blocking, and with a limit of time: one slow sender must not stop the others.",
)
async def serves_others_while_one_is_slow(bench: Bench) -> Verdict:
    """One delivery stops at half of its body, another comes."""
    try:
        slow = await bench.half_sent(bench.letter())
    except (OSError, TimeoutError) as error:
        return Verdict(False, type(error).__name__)
    other = await bench.send(bench.letter())
    finished = await slow.finish()
    in_order = finished.taken or finished.status in (408, None)
    return Verdict(other.taken and in_order, finished.words if other.taken else f"the other: {other.words}")


@check(
    "every decision under an Idempotency-Key, one for each application, sent again when its answer is lost",
    "Keep the decision and its key before you send it, and send both again until there is an answer.",
)
async def decides_once(bench: Bench) -> Verdict:
    """What the stand-in for the backend was called with."""
    if bench.decides and not bench.calls.changed.is_set():
        try:
            async with asyncio.timeout(bench.patience):
                await bench.calls.changed.wait()
        except TimeoutError:
            came = "no decision came" if not bench.calls.decisions else "a decision whose answer was lost"
            return Verdict(False, f"{came} within {bench.patience:g} seconds")
    if not bench.calls.decisions:
        return Verdict(True, "no decision came; say --decides if one should")
    bodies: dict[tuple[str, str | None], bytes] = {}
    for reference, key, body in bench.calls.decisions:
        if key is None:
            return Verdict(False, f"{reference}: no Idempotency-Key")
        if bodies.setdefault((reference, key), body) != body:
            return Verdict(False, f"{reference}: the same key with another decision")
        if sum(known == reference for known, _ in bodies) > len(bench.told.get(reference, ())):
            return Verdict(False, f"{reference}: another key for the same decision")
    return Verdict(True, f"{len(bodies)} decisions in {len(bench.calls.decisions)} calls")


@check(
    f"within {SOON_SECONDS:g} seconds",
    "Answer as soon as it is kept; fetch files and decide afterwards. The backend hangs up after 20 seconds.",
)
async def answers_soon(bench: Bench) -> Verdict:
    """The slowest of all that were taken."""
    return Verdict(bench.slowest < SOON_SECONDS, f"the slowest took {bench.slowest:.2f} seconds")
