"""A few services of several regions: police certificates of three cities, and the registration of births."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from app.contract.yaml_tree import read_yaml

CITIES = {"32.73": "Kota Bandung", "35.78": "Kota Surabaya", "32.04": "Kabupaten Bandung"}
_SERVICES = Path(__file__).parents[2] / "services"


def cities(folder: Path) -> Path:
    """A folder of services in `folder`; few, so that it is read in no time."""
    shutil.copytree(_SERVICES / "translations", folder / "translations")
    shutil.copy(_SERVICES / "life-events.yaml", folder)
    _agency("dukcapil", folder / "dukcapil", "birth-registration")
    for code, name in CITIES.items():
        agency = folder / f"polres-{name.casefold().replace(' ', '-')}"
        _agency("polri", agency, "skck")
        face = _read(agency / "agency.yaml")
        face |= {"id": agency.name, "name": f"Polres {name}", "short_name": f"Polres {name}"}
        _write(agency / "agency.yaml", face)
        definition = _alone(_read(agency / "skck" / "service.yaml"))
        definition |= {"id": f"{agency.name}/skck", "regions": [code]}
        _write(agency / "skck" / "service.yaml", definition)
        english = agency / "skck" / "translations" / "en.yaml"
        _write(english, _alone(_read(english)))
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


def _read(file: Path) -> Any:
    return read_yaml(file, file).root.plain()


def _write(file: Path, value: Any) -> None:
    # JSON is YAML.
    file.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
