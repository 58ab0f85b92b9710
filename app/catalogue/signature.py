"""The signature of an edition: who published it, checked before anything of it is believed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.contract.catalogue import MANIFEST_TYPE, Manifest


class Untrusted(ValueError):
    """An edition that nobody known has signed, or not as it is."""


def key_id(signed: str) -> str:
    """The `kid` that a compact JWS names. Raises Untrusted."""
    from joserfc import jws
    from joserfc.errors import JoseError

    try:
        kid = jws.extract_compact(signed.encode()).headers().get("kid")
    except (JoseError, ValueError):
        raise Untrusted("not a signed manifest") from None
    if not isinstance(kid, str):
        raise Untrusted("no key is named")
    return kid


def verified(signed: str, jwk: Mapping[str, Any]) -> Manifest:
    """The manifest in a compact JWS, which the key `jwk` has signed. Raises Untrusted."""
    from joserfc import jws
    from joserfc.errors import JoseError
    from joserfc.jwk import OKPKey
    from pydantic import ValidationError

    from app.contract.applications import SIGNATURE_ALGORITHM

    try:
        key = OKPKey.import_key({name: value for name, value in jwk.items() if name != "d"})
        checked = jws.deserialize_compact(signed, key, algorithms=[SIGNATURE_ALGORITHM])
        if checked.headers().get("typ") != MANIFEST_TYPE:
            raise Untrusted("signed as something else")
        return Manifest.model_validate_json(checked.payload)
    except (JoseError, ValidationError) as error:
        raise Untrusted(type(error).__name__) from None
    except (KeyError, TypeError) as error:
        raise Untrusted(repr(error)) from None
