"""What can ever be reached (placeholder)."""

from collections.abc import Iterator

from app.contract.definition import ServiceDefinition
from app.contract.findings import Fault


def check_reachability(definition: ServiceDefinition) -> Iterator[Fault]:
    """Faults."""
    return iter(())
