"""What `make check` asks of the tree: small programs that say where something is wrong.

Each module is one check with `check(root) -> list[Finding]`, and runs alone as `python -m checks.<name>`.
`python -m checks` runs them all, after the formatter, the linter, the type checker and the floors.
"""
