"""Which services a test plays with: those of Loket, and with them the ones that the test stands beside.

A test in `<root>/<agency>/<service>/tests/` is a test of that service, wherever `root` lies: an agency needs
no copy of Loket to test its own.
"""

from __future__ import annotations

import shutil
from pathlib import Path

LOKET = Path(__file__).parents[2] / "services"
"""The services that come with Loket."""


def root_around(path: Path) -> Path:
    """The folder of agencies that `path` (anything in a service's folder) belongs to; else Loket's."""
    for folder in (path, *path.parents):
        if (folder / "service.yaml").is_file():
            return folder.parent.parent
    return LOKET


def beside_lokets(root: Path, into: Path) -> Path:
    """A copy of Loket's services in `into` with those of `root` over them; gives `into`.

    So a service of `root` may lead to, and require, any other. Loket's own folder needs no copy and is given
    as it is.
    """
    if root.resolve() == LOKET.resolve():
        return LOKET
    for source in (LOKET, root):
        copy_services(source, into)
    return into


def copy_services(source: Path, into: Path) -> None:
    """Copy what the backend reads of a folder of agencies, over what is there."""
    for depth in ("", "*/", "*/*/"):
        for pattern in ("*.yaml", "translations/*.yaml", "medal.json"):
            for file in source.glob(depth + pattern):
                place = into / file.relative_to(source)
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file, place)
