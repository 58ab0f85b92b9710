"""The sandbox identity provider over HTTP: strict about who asks, plain about what is wrong."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse, JSONResponse, RedirectResponse
from fastapi.routing import APIRoute

from backend.dpop import ProofError, Proofs
from backend.sandbox.identity_provider import page
from backend.sandbox.identity_provider.provider import IdentityProvider, OAuthError, is_loopback

_FONTS = Path(__file__).parents[3] / "assets" / "fonts"
_WEIGHTS = ("400", "500", "700", "800")
_BODY_MAX_BYTES = 64 * 1024

_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class _Endpoint(APIRoute):
    """An endpoint that serves this machine alone, and turns protocol errors into OAuth's JSON."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            # The Host header as well: a page elsewhere can point its own name at this machine.
            caller = request.client.host if request.client else None
            if not is_loopback(caller) or not is_loopback(_host(request)):
                return JSONResponse({"error": "access_denied"}, 403, _HEADERS)
            try:
                response = await handle(request)
            except OAuthError as error:
                body = {"error": error.error, "error_description": error.description}
                response = JSONResponse(body, error.status)
            for name, value in _HEADERS.items():
                response.headers.setdefault(name, value)
            return response

        return guarded


def _host(request: Request) -> str | None:
    try:
        return urlsplit(f"//{request.headers.get('host', '')}").hostname
    except ValueError:
        return None


def router(provider: IdentityProvider) -> APIRouter:
    """All addresses of `provider`, from the root of the server that is its issuer without `/idp`."""
    base = urlsplit(provider.issuer).path
    routes = APIRouter(route_class=_Endpoint, include_in_schema=False)
    _add_protocol(routes, base, provider)
    _add_pages(routes, base, provider)
    return routes


def _add_protocol(routes: APIRouter, base: str, provider: IdentityProvider) -> None:
    # OpenID Connect appends its well-known path to the issuer, RFC 8414 puts it in between.
    @routes.get(f"{base}/.well-known/openid-configuration")
    @routes.get(f"/.well-known/oauth-authorization-server{base}")
    async def metadata() -> Response:
        return JSONResponse(provider.metadata())

    @routes.get(f"{base}/jwks")
    async def jwks() -> Response:
        return JSONResponse(await provider.jwks(), media_type="application/jwk-set+json")

    @routes.post(f"{base}/par")
    async def par(request: Request) -> Response:
        parameters = await _form(request)

        async def answer(proofs: Proofs) -> Response:
            proof = request.headers.get("dpop")
            jkt = proofs.check(proof, "POST", f"{provider.issuer}/par") if proof else None
            request_uri, life = await provider.push(parameters, jkt)
            return JSONResponse({"request_uri": request_uri, "expires_in": life}, 201)

        return await _proved(provider, answer)

    @routes.post(f"{base}/token")
    async def token(request: Request) -> Response:
        parameters = await _form(request)

        async def answer(_proofs: Proofs) -> Response:
            return JSONResponse(await provider.token(parameters, request.headers.get("dpop")))

        return await _proved(provider, answer)

    @routes.post(f"{base}/revoke")
    async def revoke(request: Request) -> Response:
        await provider.revoke(await _form(request))
        return Response()


def _add_pages(routes: APIRouter, base: str, provider: IdentityProvider) -> None:
    @routes.get(f"{base}/authorize")
    async def choose(request: Request) -> Response:
        parameters = _pairs(request.url.query)
        request_uri = parameters.get("request_uri", "")
        waiting = await provider.waiting(request_uri, parameters.get("client_id", ""))
        if waiting is None:
            return page.expired(page.language_of(request))
        language = page.language_of(request, waiting.ui_locales)
        return page.choose(language, provider.personas, request_uri, waiting.redirect_uri)

    @routes.post(f"{base}/authorize")
    async def chosen(request: Request) -> Response:
        parameters = await _form(request)
        request_uri, persona = parameters.get("request_uri", ""), parameters.get("persona")
        if persona is None:
            answered = await provider.cancel(request_uri)
        elif persona in provider.personas:
            answered = await provider.choose(request_uri, persona)
        else:
            raise OAuthError("invalid_request", "there is no such persona")
        if answered is None:
            return page.expired(page.language_of(request))
        _, target = answered
        return RedirectResponse(target, 303)

    @routes.get(f"{base}/logout")
    @routes.post(f"{base}/logout")
    async def log_out(request: Request) -> Response:
        parameters = await _form(request) if request.method == "POST" else _pairs(request.url.query)
        target = await provider.log_out(parameters)
        if target is not None:
            return RedirectResponse(target, 303)
        return page.signed_out(page.language_of(request, parameters.get("ui_locales", "")))

    @routes.get(f"{base}/fonts/{{weight}}.ttf")
    async def font(weight: str) -> Response:
        path = _FONTS / f"PlusJakartaSans-{weight}.ttf"
        if weight not in _WEIGHTS or not path.is_file():
            return Response(status_code=404)
        return FileResponse(path, media_type="font/ttf", headers={"Cache-Control": "public, max-age=86400"})


async def _proved(provider: IdentityProvider, answer: Callable[[Proofs], Awaitable[Response]]) -> Response:
    """`answer`, or what is wrong with its proof; the client learns the next nonce either way."""
    proofs = await provider.proofs()
    try:
        response = await answer(proofs)
    except ProofError as error:
        response = JSONResponse({"error": error.error, "error_description": error.description}, 400)
    except OAuthError as error:
        response = JSONResponse({"error": error.error, "error_description": error.description}, error.status)
    response.headers["DPoP-Nonce"] = proofs.nonce()
    return response


async def _form(request: Request) -> dict[str, str]:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/x-www-form-urlencoded":
        raise OAuthError("invalid_request", "expected application/x-www-form-urlencoded")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _BODY_MAX_BYTES:
            raise OAuthError("invalid_request", f"the body may have {_BODY_MAX_BYTES} bytes", 413)
    try:
        return _pairs(body.decode("ascii"))
    except UnicodeDecodeError as error:
        raise OAuthError("invalid_request", "the body is not form-encoded") from error


def _pairs(encoded: str) -> dict[str, str]:
    """Parameters by name. RFC 6749 section 3.1: none twice; empty ones count as left out."""
    try:
        pairs = parse_qsl(encoded, max_num_fields=64, errors="strict")
    except ValueError as error:
        raise OAuthError("invalid_request", "the parameters cannot be read") from error
    parameters = dict(pairs)
    if len(parameters) != len(pairs):
        raise OAuthError("invalid_request", "a parameter is there twice")
    return parameters
