"""Turns whatever refuses a request into a problem: ours, the framework's, and the database's when it is
away."""

from __future__ import annotations

import logging
from typing import cast

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import InterfaceError, OperationalError
from starlette.exceptions import HTTPException

from app.contract.phrase import N_, Phrase
from app.contract.problems import ProblemType
from backend.problems import ProblemError, WrongField
from backend.speech import problem_answer

log = logging.getLogger("loket.backend")

NO_SUCH_ADDRESS = N_("Alamat ini tidak ada. Perbarui aplikasi, lalu coba lagi.")
NO_SUCH_METHOD = N_("Alamat ini tidak menerima permintaan seperti itu. Perbarui aplikasi, lalu coba lagi.")
UNREADABLE = N_("Permintaan ini tidak dapat dibaca, jadi tidak ada yang disimpan. Data Anda aman. Coba lagi.")
MISSING = N_("Bagian ini tidak ada.")
AWAY = N_("Layanan sedang tidak dapat menyimpan atau membaca data. Data Anda aman. Coba lagi sebentar lagi.")
RETRY_AFTER = {"Retry-After": "5"}


def answer_refusals(app: FastAPI) -> None:
    """Have every refusal of `app` answered as a problem."""
    app.add_exception_handler(ProblemError, _ours)
    app.add_exception_handler(RequestValidationError, _unreadable)
    app.add_exception_handler(HTTPException, _frameworks)
    for away in (OperationalError, InterfaceError, ConnectionError, TimeoutError):
        app.add_exception_handler(away, _database_away)


async def _ours(request: Request, error: Exception) -> Response:
    return _answer(request, cast("ProblemError", error))


async def _unreadable(request: Request, error: Exception) -> Response:
    wrong = [
        # The first step is where it stands (body, query, path, header): the second is what the client calls
        # it.
        WrongField(
            ".".join(str(step) for step in e["loc"][1:]) or str(e["loc"][0]),
            MISSING if e["type"] == "missing" else Phrase("{said}", {"said": e["msg"]}),
        )
        for e in cast("RequestValidationError", error).errors()
    ]
    return _answer(request, ProblemError(ProblemType.INVALID_REQUEST, UNREADABLE, errors=wrong))


async def _frameworks(request: Request, error: Exception) -> Response:
    refused = cast("HTTPException", error)
    headers = dict(refused.headers or {})
    match refused.status_code:
        case 404:
            problem = ProblemError(ProblemType.NOT_FOUND, NO_SUCH_ADDRESS)
        case 405:
            problem = ProblemError(ProblemType.INVALID_REQUEST, NO_SUCH_METHOD, status=405, headers=headers)
        case status:
            problem = ProblemError(ProblemType.INVALID_REQUEST, UNREADABLE, status=status, headers=headers)
    return _answer(request, problem)


async def _database_away(request: Request, error: Exception) -> Response:
    log.error(
        "database away",
        extra={"fields": {"trace": request.state.trace, "fault": type(error).__qualname__}},
    )
    return _answer(request, ProblemError(ProblemType.UNAVAILABLE, AWAY, headers=RETRY_AFTER))


def _answer(request: Request, problem: ProblemError) -> Response:
    return problem_answer(problem, request.headers, request.state.trace)
