"""The sandbox: synthetic citizens and an identity provider to sign them in. Never part of production."""

from typing import Final

SANDBOX_AGENCY_KEY: Final = "loket-sandbox-agency"
"""Lets testers act for every agency of the sandbox. Public; production does not know it."""

SANDBOX_REVIEWER_KEY: Final = "loket-sandbox-reviewer"
"""Lets testers review for the portal in the sandbox. Public; production does not know it."""
