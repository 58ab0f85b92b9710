"""In which language an answer speaks, and how a problem is put on the wire."""

from __future__ import annotations

from fastapi.responses import Response
from starlette.datastructures import Headers

from app.contract.language import LANGUAGES, Language
from app.contract.problems import MEDIA_TYPE
from app.contract.text import SOURCE_LANGUAGE
from backend.problems import ProblemError


def language_of(headers: Headers) -> Language:
    """The language of the interface that `Accept-Language` (RFC 9110 section 12.5.4) likes best; else
    Indonesian."""
    best, best_quality = SOURCE_LANGUAGE, 0.0
    for part in headers.get("accept-language", "").split(","):
        tag, _, parameter = part.strip().partition(";")
        primary = tag.strip().partition("-")[0].lower()
        quality = _quality(parameter)
        if primary in LANGUAGES and quality > best_quality:
            best, best_quality = primary, quality
    return Language.load(best)


def problem_answer(problem: ProblemError, headers: Headers, trace: str | None) -> Response:
    """`problem` as RFC 9457 wants it, in the language of the request; `instance` names its trace."""
    language = language_of(headers)
    body = problem.body(language, instance=f"urn:trace:{trace}" if trace else None)
    return Response(
        body.model_dump_json(exclude_none=True),
        status_code=int(problem.status),
        media_type=MEDIA_TYPE,
        headers={**problem.headers, "Content-Language": language.tag, "Vary": "Accept-Language"},
    )


def _quality(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
