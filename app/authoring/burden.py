"""The budgets of the medals: how much a form may ask of a citizen."""

from __future__ import annotations

from collections.abc import Mapping

from app.forms.burden import Burden, burden_of

__all__ = ["BUDGET", "Burden", "burden_of"]

BUDGET: Mapping[str, Burden] = {
    "bronze": Burden(60, 2000, 35),
    "silver": Burden(45, 1400, 25),
    "gold": Burden(35, 1000, 18),
    "platinum": Burden(25, 700, 12),
}
"""The most that a form of each medal may cost; how it is counted: `app.forms.burden`."""
