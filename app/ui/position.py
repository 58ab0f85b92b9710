"""Where the phone is, through Flet's geolocator extension: asked only when the citizen taps for it.

The extension is in the phone's bundle only, and its other half in the phone's client: nothing here imports it
before it is used. A position is read once and kept nowhere but in the answer that it was asked for.
"""

from __future__ import annotations

import asyncio
from importlib.util import find_spec
from typing import TYPE_CHECKING

import flet as ft

from app.app import Position
from app.contract.phrase import N_, Phrase

if TYPE_CHECKING:
    from flet_geolocator import Geolocator

PATIENCE = 30.0
"""Seconds until the way without a position is shown; under a roof a fix may take longer than that."""

_BY_HAND = N_("Salin titiknya dari aplikasi peta, lalu tempel di sini.")
_OFF = N_(
    "Lokasi ponsel sedang mati. Nyalakan di pengaturan ponsel, lalu coba lagi. {by_hand}", by_hand=_BY_HAND
)
_REFUSED = N_("Loket tidak diberi izin melihat lokasi, dan itu tidak apa-apa. {by_hand}", by_hand=_BY_HAND)
_FOREVER = N_(
    "Loket tidak diberi izin melihat lokasi. Izinnya dapat diubah di pengaturan ponsel. {by_hand}",
    by_hand=_BY_HAND,
)
_NOT_FOUND = N_("Lokasi ponsel belum ditemukan. Coba lagi di tempat terbuka. {by_hand}", by_hand=_BY_HAND)


def can_locate(page: ft.Page) -> bool:
    """Whether the window of `page` is on a phone whose position can be asked."""
    phone = page.platform in (ft.PagePlatform.ANDROID, ft.PagePlatform.IOS)
    return phone and not page.web and find_spec("flet_geolocator") is not None


class Positions:
    """The positions of one window's phone. Needs Flet's page in context when one is asked for."""

    def __init__(self, *, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._geolocator: Geolocator | None = None

    async def current(self) -> Position | Phrase:
        """Where the phone is now; why it cannot be told, and the way on without it. Asks for leave first."""
        from flet_geolocator import Geolocator

        # Flet drops a service that nobody holds.
        self._geolocator = self._geolocator or Geolocator()
        try:
            return await self._asked(self._geolocator)
        except (TimeoutError, RuntimeError):
            # The phone's own words are in no language of the citizen.
            return _NOT_FOUND

    async def _asked(self, geolocator: Geolocator) -> Position | Phrase:
        from flet_geolocator import (
            GeolocatorConfiguration,
            GeolocatorPermissionStatus,
            GeolocatorPositionAccuracy,
        )

        if not await geolocator.is_location_service_enabled():
            return _OFF
        leave = await geolocator.get_permission_status()
        if leave == GeolocatorPermissionStatus.DENIED:
            # As long as the system's question stands there, nobody is in a hurry.
            leave = await geolocator.request_permission()
        if leave == GeolocatorPermissionStatus.DENIED_FOREVER:
            return _FOREVER
        if leave not in (GeolocatorPermissionStatus.WHILE_IN_USE, GeolocatorPermissionStatus.ALWAYS):
            return _REFUSED
        async with asyncio.timeout(self._patience):
            found = await geolocator.get_current_position(
                GeolocatorConfiguration(accuracy=GeolocatorPositionAccuracy.HIGH)
            )
        if found.latitude is None or found.longitude is None:
            return _NOT_FOUND
        accuracy = None if found.accuracy is None else float(found.accuracy)
        return Position(float(found.latitude), float(found.longitude), accuracy)
