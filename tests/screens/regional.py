"""A few services of several regions: police certificates of three cities, and the registration of births."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

CITIES = {"32.73": "Kota Bandung", "35.78": "Kota Surabaya", "32.04": "Kabupaten Bandung"}
_SERVICES = Path(__file__).parents[2] / "services"


def cities(folder: Path) -> Path:
    """A folder of services in `folder`; few, so that it is read in no time."""
    shutil.copytree(_SERVICES / "translations", folder / "translations")
    shutil.copy(_SERVICES / "life-events.yaml", folder)
    _agency("dukcapil", folder / "dukcapil", "birth-registration")
    yaml = YAML(typ="safe")
    for code, name in CITIES.items():
        agency = folder / f"polres-{name.casefold().replace(' ', '-')}"
        _agency("polri", agency, "skck")
        face = yaml.load((agency / "agency.yaml").read_text("utf-8"))
        face |= {"id": agency.name, "name": f"Polres {name}", "short_name": f"Polres {name}"}
        _write(yaml, agency / "agency.yaml", face)
        definition = _alone(yaml.load((agency / "skck" / "service.yaml").read_text("utf-8")))
        definition |= {"id": f"{agency.name}/skck", "regions": [code]}
        _write(yaml, agency / "skck" / "service.yaml", definition)
        english = agency / "skck" / "translations" / "en.yaml"
        _write(yaml, english, _alone(yaml.load(english.read_text("utf-8"))))
    return folder


def _agency(agency: str, to: Path, service: str) -> None:
    for part in ("translations", service):
        shutil.copytree(_SERVICES / agency / part, to / part)
    shutil.copy(_SERVICES / agency / "agency.yaml", to)


def _alone(part: Any) -> Any:
    """A definition without what leads to other services."""
    if isinstance(part, list):
        return [_alone(one) for one in part]
    if isinstance(part, dict):
        return {key: _alone(one) for key, one in part.items() if key not in ("exits", "requires")}
    return part


def _write(yaml: YAML, path: Path, content: object) -> None:
    with path.open("w", encoding="utf-8") as file:
        yaml.dump(content, file)
