"""The names of colours, spaces and sizes. Screens use these words and no raw values.

Colours are roles of the one Material 3 scheme in `theme.py`, so switching light and dark
re-renders nothing.
"""

from __future__ import annotations

import flet as ft

# Surfaces
PAPER = ft.Colors.SURFACE
CARD = ft.Colors.SURFACE_CONTAINER_LOWEST
SUNKEN = ft.Colors.SURFACE_CONTAINER_HIGH
LINE = ft.Colors.OUTLINE_VARIANT
EDGE = ft.Colors.OUTLINE

# Words
INK = ft.Colors.ON_SURFACE
INK_2 = ft.Colors.ON_SURFACE_VARIANT

# The one action
PRIMARY = ft.Colors.PRIMARY
ON_PRIMARY = ft.Colors.ON_PRIMARY
CHOSEN = ft.Colors.PRIMARY_CONTAINER
ON_CHOSEN = ft.Colors.ON_PRIMARY_CONTAINER

# Meanings: never by colour alone, an icon or a word goes with each
WAITS = ft.Colors.ON_TERTIARY_CONTAINER
WAITS_BOX = ft.Colors.TERTIARY_CONTAINER
DONE = ft.Colors.ON_SECONDARY_CONTAINER
DONE_BOX = ft.Colors.SECONDARY_CONTAINER
WRONG = ft.Colors.ERROR
WRONG_BOX = ft.Colors.ERROR_CONTAINER
TOLD = ft.Colors.ON_SECONDARY_FIXED
TOLD_BOX = ft.Colors.SECONDARY_FIXED

# Space, on a 4-dp grid
MARGIN = 16
SECTION = 28
TARGET = 48

# Corners
CARD_CORNER = 16
BUTTON_CORNER = 14
FIELD_CORNER = 12

# Widths (dp) where the layout changes: bottom bar, rail, extended rail with list and detail
MEDIUM = 600
WIDE = 1200
READING = 640
"""Widest a column of text or a form gets."""
