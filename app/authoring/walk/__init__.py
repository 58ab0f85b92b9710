"""Walks every way through a form, headless, and keeps the ways as tests."""
