"""The two themes of Loket, light and dark, at a text scale."""

from __future__ import annotations

from dataclasses import dataclass

import flet as ft

FAMILY = "Plus Jakarta Sans"
WEIGHTS = (400, 500, 600, 700, 800)

FONTS = {f"{FAMILY} {weight}": f"fonts/PlusJakartaSans-{weight}.ttf" for weight in WEIGHTS}
"""`page.fonts`: one family a weight, as Flet registers one file a family."""


@dataclass(frozen=True, slots=True)
class Palette:
    """The tokens of one brightness, as hexadecimal sRGB. Pairs of text and ground reach WCAG AA."""

    background: str
    surface: str
    sunken: str
    ink: str
    ink_2: str
    line: str
    primary: str
    on_primary: str
    primary_container: str
    on_primary_container: str
    waits: str
    waits_box: str
    done: str
    done_box: str
    wrong: str
    wrong_box: str
    told: str
    told_box: str
    mark: str


LIGHT = Palette(
    background="#F6F5F1",
    surface="#FFFFFF",
    sunken="#EFEDE7",
    ink="#14211F",
    ink_2="#52605D",
    line="#E2DFD7",
    primary="#00584E",
    on_primary="#FFFFFF",
    primary_container="#D3ECE5",
    on_primary_container="#00382F",
    waits="#8A5200",
    waits_box="#FFEBCC",
    done="#1B6638",
    done_box="#DAF2E1",
    wrong="#B3261E",
    wrong_box="#FBE4E1",
    told="#1F4E8C",
    told_box="#E0EAFA",
    mark="#C8102E",
)

DARK = Palette(
    background="#0D1312",
    surface="#161E1C",
    sunken="#1E2725",
    ink="#E8EEEC",
    ink_2="#A3B1AD",
    line="#2A3532",
    primary="#84D9C8",
    on_primary="#00382F",
    primary_container="#0E4A41",
    on_primary_container="#C2F0E5",
    waits="#FFC876",
    waits_box="#3A2A0E",
    done="#8FDDA8",
    done_box="#12351F",
    wrong="#FFB4AB",
    wrong_box="#4A1A16",
    told="#A9C8FA",
    told_box="#152B4A",
    mark="#FF5A6E",
)


def scheme(p: Palette) -> ft.ColorScheme:
    """The palette as one Material 3 scheme; `tokens.py` names the roles."""
    return ft.ColorScheme(
        primary=p.primary,
        on_primary=p.on_primary,
        primary_container=p.primary_container,
        on_primary_container=p.on_primary_container,
        secondary=p.done,
        on_secondary=p.surface,
        secondary_container=p.done_box,
        on_secondary_container=p.done,
        tertiary=p.waits,
        on_tertiary=p.surface,
        tertiary_container=p.waits_box,
        on_tertiary_container=p.waits,
        error=p.wrong,
        on_error=p.surface,
        error_container=p.wrong_box,
        on_error_container=p.wrong,
        surface=p.background,
        on_surface=p.ink,
        on_surface_variant=p.ink_2,
        surface_container_lowest=p.surface,
        surface_container_low=p.surface,
        surface_container=p.surface,
        surface_container_high=p.sunken,
        surface_container_highest=p.sunken,
        surface_bright=p.surface,
        surface_dim=p.sunken,
        surface_tint=p.surface,
        outline=p.ink_2,
        outline_variant=p.line,
        inverse_surface=p.ink,
        on_inverse_surface=p.background,
        inverse_primary=p.primary_container,
        secondary_fixed=p.told_box,
        on_secondary_fixed=p.told,
        tertiary_fixed=p.mark,
        on_tertiary_fixed="#FFFFFF",
        shadow="#14211F",
        scrim="#000000",
    )


MARK = ft.Colors.TERTIARY_FIXED
"""The red of the mark and of badges; nowhere else."""


def _type(size: float, weight: int, scale: float, *, height: float, spacing: float = 0) -> ft.TextStyle:
    return ft.TextStyle(
        size=round(size * scale, 1),
        font_family=f"{FAMILY} {weight}",
        height=height,
        letter_spacing=spacing,
    )


def text_theme(scale: float) -> ft.TextTheme:
    """The type scale. `scale` is the citizen's own setting (1.0 to 2.0), on top of the system's."""
    # Large words grow less than small ones: at 200 % a heading must still fit a phone.
    heading = 1 + (scale - 1) * 0.6
    return ft.TextTheme(
        display_small=_type(30, 800, heading, height=1.2, spacing=0.5),
        headline_large=_type(34, 800, heading, height=1.2, spacing=-0.8),
        headline_medium=_type(28, 800, heading, height=1.22, spacing=-0.6),
        headline_small=_type(24, 700, heading, height=1.25, spacing=-0.2),
        title_large=_type(20, 700, heading, height=1.3, spacing=-0.2),
        # Never smaller than what it stands over.
        title_medium=_type(18, 700, 1 + (scale - 1) * 0.85, height=1.3),
        title_small=_type(16, 600, scale, height=1.35),
        body_large=_type(16, 400, scale, height=1.45),
        body_medium=_type(14, 400, scale, height=1.45),
        body_small=_type(14, 400, scale, height=1.45),
        label_large=_type(16, 700, scale, height=1.25),
        label_medium=_type(14, 600, scale, height=1.3),
        # The bottom bar has a fifth of a phone's width a word; the system's own bars stop growing too.
        label_small=_type(12, 600, min(scale, 1.2), height=1.3),
    )


def theme(palette: Palette, text_scale: float) -> ft.Theme:
    """One Flet theme: colours, type and shapes of every stock control that Loket uses."""
    # A picture beside words grows with them, half as much.
    pictures = 1 + (text_scale - 1) / 2
    return ft.Theme(
        color_scheme=scheme(palette),
        font_family=f"{FAMILY} 400",
        text_theme=text_theme(text_scale),
        scaffold_bgcolor=palette.background,
        canvas_color=palette.background,
        divider_color=palette.line,
        visual_density=ft.VisualDensity.STANDARD,
        icon_theme=ft.IconTheme(size=24 * pictures, color=palette.ink),
        # As large as fits into the target of a finger with its padding.
        icon_button_theme=ft.IconButtonTheme(style=ft.ButtonStyle(icon_size=min(24 * pictures, 32))),
        filled_button_theme=ft.FilledButtonTheme(style=ft.ButtonStyle(icon_size=22 * pictures)),
        outlined_button_theme=ft.OutlinedButtonTheme(style=ft.ButtonStyle(icon_size=22 * pictures)),
        page_transitions=ft.PageTransitionsTheme(
            android=ft.PageTransitionTheme.FADE_FORWARDS,
            linux=ft.PageTransitionTheme.NONE,
            windows=ft.PageTransitionTheme.NONE,
            macos=ft.PageTransitionTheme.NONE,
            ios=ft.PageTransitionTheme.CUPERTINO,
        ),
        snackbar_theme=ft.SnackBarTheme(
            bgcolor=palette.ink,
            content_text_style=ft.TextStyle(
                color=palette.background, size=16 * text_scale, font_family=f"{FAMILY} 500"
            ),
        ),
    )
