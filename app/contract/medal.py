"""The medal of a service: how good its form is, as a citizen reads it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from app.contract.phrase import N_, Phrase

Level = Literal["bronze", "silver", "gold", "platinum"]
LEVELS: tuple[Level, ...] = ("bronze", "silver", "gold", "platinum")
"""From the least to the most."""

NAMES: Mapping[Level, Phrase] = {
    "bronze": N_("Perunggu"),
    "silver": N_("Perak"),
    "gold": N_("Emas"),
    "platinum": N_("Platina"),
}
"""What a medal is called."""

EXPLANATIONS: Mapping[Level, Phrase] = {
    "bronze": N_(
        "Formulir ini lengkap, bahasanya mudah, dan tidak menanyakan hal yang sudah diketahui negara. "
        "Biaya dan waktunya punya dasar hukum."
    ),
    "silver": N_(
        "Formulir ini pendek, tiap halaman satu pertanyaan, dan setiap jalannya sudah dicoba. Anda juga "
        "dapat "
        "mengurusnya di kantor."
    ),
    "gold": N_(
        "Sebagian besar isian sudah terisi dari data negara, dan hampir tidak ada berkas yang perlu dikirim. "
        "Layanan ini sudah diuji bersama warga."
    ),
    "platinum": N_(
        "Layanan ini termasuk yang terbaik: hampir tanpa isian, tanpa berkas, selesai dalam sehari, dan "
        "hasilnya "
        "diumumkan."
    ),
}
"""What a medal says to a citizen: in two sentences, what they can rely on."""


class Medal(BaseModel):
    """A medal that was earned. `done` of `of` rules of the whole quality scale are met or rightly left
    out."""

    model_config = ConfigDict(frozen=True)

    level: Level
    done: int = Field(ge=0)
    of: int = Field(ge=1)

    @property
    def name(self) -> Phrase:
        """What it is called."""
        return NAMES[self.level]

    @property
    def explanation(self) -> Phrase:
        """What a citizen can rely on."""
        return EXPLANATIONS[self.level]


class KeptMedal(Medal):
    """`medal.json` beside a service: the medal of exactly the definition whose canonical bytes have this
    SHA-256.

    Beside a definition that has changed since, it is worth nothing.
    """

    definition_sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
