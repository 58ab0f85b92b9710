"""The design system: theme, controls with names, frames for screens, one renderer a field type.

Screens are put together from these parts and nothing else, so that every screen looks, sounds to a
screen reader, and tests the same way.
"""
