"""Services of several regions beside those of Loket: police certificates of cities, and an office of one."""

from __future__ import annotations

import shutil
from pathlib import Path

from ruamel.yaml import YAML

SKCK = "polri/skck"
CITIES = {"32.73": "Kota Bandung", "35.78": "Kota Surabaya", "32.04": "Kabupaten Bandung"}


def with_cities(folder: Path) -> Path:
    """The services of `folder`, with a certificate of every city of `CITIES` in the place of the nation's."""
    yaml = YAML(typ="safe")
    for code, name in CITIES.items():
        slug = name.casefold().replace(" ", "-")
        agency = folder / f"polres-{slug}"
        shutil.copytree(folder / "polri", agency)
        shutil.rmtree(agency / "driving-licence-renewal")
        face = yaml.load((agency / "agency.yaml").read_text("utf-8"))
        face |= {"id": agency.name, "name": f"Polres {name}", "short_name": f"Polres {name}"}
        _write(yaml, agency / "agency.yaml", face)
        definition = yaml.load((agency / "skck" / "service.yaml").read_text("utf-8"))
        definition |= {"id": f"{agency.name}/skck", "regions": [code]}
        _write(yaml, agency / "skck" / "service.yaml", definition)
    shutil.rmtree(folder / "polri" / "skck")
    return folder


def _write(yaml: YAML, path: Path, content: object) -> None:
    with path.open("w", encoding="utf-8") as file:
        yaml.dump(content, file)
