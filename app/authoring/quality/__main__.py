"""Write the page of the quality scale (docs/agencies/quality.md)."""

from __future__ import annotations

import sys
from pathlib import Path

from app.authoring.quality.medals import scale_page

if __name__ == "__main__":
    Path(sys.argv[1]).write_text(scale_page(), encoding="utf-8")
