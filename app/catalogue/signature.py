"""Signatures on what everybody reads: who published it, checked before anything of it is believed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Set
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from pydantic import BaseModel

    from app.catalogue.shelf import Shelf
    from app.catalogue.syncing import Source

    Model = TypeVar("Model", bound=BaseModel)


class Untrusted(ValueError):
    """What nobody known has signed, or not as it is."""


def key_id(signed: str) -> str:
    """The `kid` that a compact JWS names. Raises Untrusted."""
    from joserfc import jws
    from joserfc.errors import JoseError

    try:
        kid = jws.extract_compact(signed.encode()).headers().get("kid")
    except (JoseError, ValueError):
        raise Untrusted("not signed") from None
    if not isinstance(kid, str):
        raise Untrusted("no key is named")
    return kid


async def keys_for(
    kids: Set[str], shelf: Shelf, source: Source, blocking: Callable[[Callable[[], Any]], Awaitable[Any]]
) -> dict[str, Any]:
    """The public keys (JWK) by `kid` that are known; the backend is asked only for `kids` that are not."""
    known: dict[str, Any] = await blocking(shelf.signing_keys)
    if kids <= known.keys():
        return known
    fetched = {str(jwk.get("kid")): jwk for jwk in await source.signing_keys()}
    await blocking(lambda: shelf.keep_signing_keys(fetched))
    # A key that was seen stays as it was.
    return {**fetched, **known}


def read_signed(signed: str, jwk: Mapping[str, Any], type_: str, model: type[Model]) -> Model:
    """What a compact JWS says, which the key `jwk` has signed as a `type_`. Raises Untrusted."""
    from joserfc import jws
    from joserfc.errors import JoseError
    from joserfc.jwk import OKPKey
    from pydantic import ValidationError

    from app.contract.applications import SIGNATURE_ALGORITHM

    try:
        key = OKPKey.import_key({name: value for name, value in jwk.items() if name != "d"})
        checked = jws.deserialize_compact(signed, key, algorithms=[SIGNATURE_ALGORITHM])
        if checked.headers().get("typ") != type_:
            raise Untrusted("signed as something else")
        return model.model_validate_json(checked.payload)
    except Untrusted:
        raise
    except (JoseError, ValidationError) as error:
        raise Untrusted(type(error).__name__) from None
    except (KeyError, TypeError, ValueError) as error:
        raise Untrusted(repr(error)) from None
