"""What testers meet on purpose: a suspended account, and a backend that is slow or breaks for one persona."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from app.contract.phrase import N_
from app.contract.problems import ProblemType
from backend.problems import ProblemError
from backend.sandbox.personas import Personas

Sleep = Callable[[float], Awaitable[object]]


class PersonaFaults:
    """Serves each persona as badly as its file says. `random_bytes` decides which requests break."""

    def __init__(self, personas: Personas, random_bytes: Callable[[int], bytes], sleep: Sleep) -> None:
        self._personas = personas
        self._random_bytes = random_bytes
        self._sleep = sleep

    async def meet(self, subject: str) -> None:
        """Let a request of `subject` go on, later or not at all.

        Raises:
            ProblemError: the account is suspended (403), or this request breaks (503); nothing was done.
        """
        persona = self._personas.of_subject(subject)
        if persona is None:
            return
        if persona.account == "suspended":
            raise ProblemError(
                ProblemType.FORBIDDEN,
                N_(
                    "Akun ini sedang dibekukan. Data Anda aman. Hubungi Halo Dukcapil "
                    "1500537 untuk membukanya."
                ),
            )
        if persona.faults.latency_ms:
            await self._sleep(persona.faults.latency_ms / 1000)
        if (
            persona.faults.error_rate
            and int.from_bytes(self._random_bytes(4)) < persona.faults.error_rate * 2**32
        ):
            raise ProblemError(
                ProblemType.UNAVAILABLE,
                N_(
                    "Layanan sedang sibuk. Data Anda aman dan tidak ada yang terkirim dua "
                    "kali. Coba lagi sebentar lagi."
                ),
                headers={"Retry-After": "2"},
            )
