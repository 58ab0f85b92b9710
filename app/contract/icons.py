"""The closed set of icons that definitions may name, and the Material symbol of each.

No raster, no remote image, no portrait: an icon is one of these words. The symbol names are those of
`flet.Icons`; the pair is (outlined, filled).
"""

from __future__ import annotations

ICONS: dict[str, tuple[str, str]] = {
    "baby": ("CHILD_CARE_OUTLINED", "CHILD_CARE"),
    "school": ("SCHOOL_OUTLINED", "SCHOOL"),
    "health": ("HEALTH_AND_SAFETY_OUTLINED", "HEALTH_AND_SAFETY"),
    "home": ("REAL_ESTATE_AGENT_OUTLINED", "REAL_ESTATE_AGENT"),
    "vehicle": ("DIRECTIONS_CAR_OUTLINED", "DIRECTIONS_CAR"),
    "aid": ("VOLUNTEER_ACTIVISM_OUTLINED", "VOLUNTEER_ACTIVISM"),
    "work": ("WORK_OUTLINE", "WORK"),
    "travel": ("FLIGHT_OUTLINED", "FLIGHT"),
    "elderly": ("ELDERLY_OUTLINED", "ELDERLY"),
    "family": ("FAMILY_RESTROOM_OUTLINED", "FAMILY_RESTROOM"),
    "marriage": ("FAVORITE_OUTLINE", "FAVORITE"),
    "mourning": ("LOCAL_FLORIST_OUTLINED", "LOCAL_FLORIST"),
    "card": ("BADGE_OUTLINED", "BADGE"),
    "document": ("DESCRIPTION_OUTLINED", "DESCRIPTION"),
    "shield": ("SHIELD_OUTLINED", "SHIELD"),
    "complaint": ("CAMPAIGN_OUTLINED", "CAMPAIGN"),
    "business": ("STOREFRONT_OUTLINED", "STOREFRONT"),
    "office": ("ACCOUNT_BALANCE_OUTLINED", "ACCOUNT_BALANCE"),
    "land": ("LANDSCAPE_OUTLINED", "LANDSCAPE"),
    "moving": ("LOCAL_SHIPPING_OUTLINED", "LOCAL_SHIPPING"),
}
