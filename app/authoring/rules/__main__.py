"""Write the page of each rule, and their list, into a folder (docs/agencies/rules)."""

from __future__ import annotations

import sys
from pathlib import Path

from app.authoring.rules import load_rules


def pages() -> dict[str, str]:
    """The pages by file name."""
    rules = [plugin.rule for plugin in load_rules()]
    rows = "".join(f"| [{r.name}]({r.name}.md) | {r.title} | {'yes' if r.fixes else ''} |\n" for r in rules)
    head = (
        "# What `loket service check` looks for\n\n"
        "Every rule is a page: why it is there, an example, and what is exempt. These pages are written by\n"
        "`python -m app.authoring.rules docs/agencies/rules` from the rules themselves.\n\n"
        "| rule | what holds | `--fix` |\n|---|---|---|\n"
    )
    return {"README.md": f"{head}{rows}", **{f"{r.name}.md": r.markdown() for r in rules}}


def main(folder: Path) -> None:
    """Write them."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
