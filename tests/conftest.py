"""Lets the tests here use the `loket` plugin, installed or not, and begins with the long ones."""

from importlib.metadata import entry_points

import pytest

if not entry_points(group="pytest11", name="loket"):
    pytest_plugins = ["app.testing.plugin"]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that wait for whole processes come first; the short ones fill what is left of each worker."""
    seconds = {item: sum(mark.args[0] for mark in item.iter_markers("long")) for item in items}
    items.sort(key=lambda item: -seconds[item])
