"""Loket: one counter for every Indonesian public service.

The rooms of this package and who may import whom are drawn in docs/architecture.md.
"""
