"""The one application that may ask this provider: Loket itself, a native public client (RFC 8252)."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Client:
    """A public client: no secret; it proves itself by PKCE and DPoP. Loopback redirects may use any port."""

    id: str
    loopback_path: str
    """Path of the loopback redirect on `127.0.0.1` (RFC 8252 section 7.3)."""
    private_redirect: str
    """The private-use scheme redirect of the phone (RFC 8252, 7.1); Android routes by scheme and host."""
    post_logout_redirect: str

    def may_redirect_to(self, uri: str) -> bool:
        """Whether `uri` is one of this client's: exactly, except for the port on loopback."""
        if uri == self.private_redirect:
            return True
        try:
            port = urlsplit(uri).port
        except ValueError:
            return False
        return port is not None and uri == f"http://127.0.0.1:{port}{self.loopback_path}"


LOKET = Client(
    id="loket-app",
    loopback_path="/signed-in",
    private_redirect="id.loket.app://app/sign-in",
    post_logout_redirect="id.loket.app://app/signed-out",
)

CLIENTS = {LOKET.id: LOKET}
