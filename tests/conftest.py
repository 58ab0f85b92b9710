"""Lets the tests of this repository use the `loket` plugin, installed or not."""

from importlib.metadata import entry_points

if not entry_points(group="pytest11", name="loket"):
    pytest_plugins = ["app.testing.plugin"]
