from __future__ import annotations

import string
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.profile import ProfileError, load_profile

ROOT = Path(__file__).parents[1]

GOOD = """\
default = "city"

[profiles.city]
kind = "production"
backend = "https://services.city.example/"
issuer = "https://sign-in.city.example"
client_id = "loket-app"
redirect_scheme = "id.loket.app"
features = ["synthetic-notice"]
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "flet.toml"


def told(file: Path, source: str, name: str | None = None) -> str:
    """What the citizen of this file is told is wrong with it."""
    file.write_text(source)
    with pytest.raises(ProfileError) as caught:
        load_profile(file, name)
    return str(caught.value)


def test_the_default_of_this_repository_is_the_embedded_sandbox() -> None:
    profile = load_profile(ROOT / "flet.toml")
    assert (profile.name, profile.kind, profile.embedded) == ("sandbox", "sandbox", True)
    assert profile.backend is None
    assert profile.issuer is None
    assert profile.redirect_uri == "id.loket.app://app/sign-in"


def test_the_production_example_is_complete_and_reaches_nobody() -> None:
    profile = load_profile(ROOT / "flet.toml", "production")
    assert not profile.embedded
    assert profile.backend
    assert profile.issuer
    assert profile.backend.endswith(".example")
    assert profile.issuer.endswith(".example")


def test_an_address_loses_the_slash_at_its_end(file: Path) -> None:
    file.write_text(GOOD)
    assert load_profile(file).backend == "https://services.city.example"


def test_plain_http_is_allowed_on_loopback(file: Path) -> None:
    file.write_text(GOOD.replace("https://services.city.example/", "http://127.0.0.1:8000"))
    assert load_profile(file).backend == "http://127.0.0.1:8000"


@pytest.mark.parametrize(
    ("good", "bad", "place"),
    [
        ('"city"\n', '"town"\n', "flet.toml:1: default: expected one of: city, came 'town'"),
        ('default = "city"\n', "", "flet.toml: default: expected one of: city, came nothing"),
        ('default = "city"\n', 'default = "city"\nother = 1\n', "flet.toml:2: other: expected"),
        ('kind = "production"', 'kind = "test"', "flet.toml:4: profiles.city.kind: expected `sandbox` or"),
        ('kind = "production"\n', "", "flet.toml:3: profiles.city.kind: expected"),
        (
            "https://services.city.example/",
            "embedded",
            "flet.toml:5: profiles.city.backend: expected an https",
        ),
        ("https://services", "http://services", "flet.toml:5: profiles.city.backend: expected an https"),
        ("https://services", "ftp://services", "flet.toml:5: profiles.city.backend: expected an https"),
        ("https://services", "https://user:pw@services", "flet.toml:5: profiles.city.backend: expected"),
        ("city.example/", "city.example:port", "flet.toml:5: profiles.city.backend: expected an https"),
        ("sign-in.city.example", "sign-in.city.example?x=1", "flet.toml:6: profiles.city.issuer: expected"),
        ('issuer = "https://sign-in.city.example"\n', "", "flet.toml:3: profiles.city.issuer: expected"),
        ('"loket-app"', '""', "flet.toml:7: profiles.city.client_id: expected a client id, came ''"),
        ('"loket-app"', "12", "flet.toml:7: profiles.city.client_id: expected a client id, came 12"),
        ("id.loket.app", "loket", "flet.toml:8: profiles.city.redirect_scheme: expected a reversed domain"),
        ('["synthetic-notice"]', '["fly"]', "flet.toml:9: profiles.city.features: expected a list with"),
        ('["synthetic-notice"]', '"fly"', "flet.toml:9: profiles.city.features: expected a list with"),
        ("features", "feature", "flet.toml:9: profiles.city.feature: expected one of: kind,"),
        ("[profiles.city]", "[profiles]\ncity = 1\n[x]", "flet.toml:5: x: expected"),
        ('kind = "production"', 'kind = "production', "flet.toml:4: file: expected TOML, came"),
    ],
)
def test_a_broken_file_is_told_with_line_key_and_what_was_expected(
    file: Path, good: str, bad: str, place: str
) -> None:
    assert good in GOOD
    assert told(file, GOOD.replace(good, bad, 1)).startswith(place)


def test_a_profile_that_is_not_there_is_told_with_those_that_are(file: Path) -> None:
    assert told(file, GOOD, "town").endswith("expected one of: city, came 'town'")


def test_a_bundle_uses_its_own_profile_and_never_an_embedded_backend(file: Path) -> None:
    assert load_profile(ROOT / "flet.toml", bundled=True).name == "production"
    embedded = """bundled = "desk"

[profiles.desk]
kind = "sandbox"
backend = "embedded"
client_id = "loket-app"
redirect_scheme = "id.loket.app"
"""
    file.write_text(embedded)
    with pytest.raises(
        ProfileError, match=r"flet.toml:5: profiles.desk.backend: expected an https address in a"
    ):
        load_profile(file, bundled=True)


def test_an_embedded_backend_brings_its_own_issuer(file: Path) -> None:
    source = GOOD.replace("production", "sandbox").replace("https://services.city.example/", "embedded")
    assert told(file, source).startswith("flet.toml:6: profiles.city.issuer: expected no issuer")


def test_no_profiles_at_all_is_told(file: Path) -> None:
    assert "expected at least one [profiles.<name>], came nothing" in told(file, "")
    assert "profiles.city: expected a table, came 1" in told(file, 'default = "city"\n[profiles]\ncity = 1\n')


def test_a_missing_file_is_told(file: Path) -> None:
    with pytest.raises(ProfileError, match="a readable TOML file, came No such file"):
        load_profile(file)


def test_a_file_that_is_not_text_is_told(file: Path) -> None:
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ProfileError, match="not UTF-8"):
        load_profile(file)


@given(
    key=st.sampled_from(["kind", "backend", "issuer", "client_id", "redirect_scheme"]),
    value=st.text(alphabet=string.ascii_letters + string.digits + ":/.-?#@[] ", max_size=30),
)
def test_no_value_whatever_gives_anything_but_a_profile_or_a_profile_error(
    tmp_path_factory: pytest.TempPathFactory, key: str, value: str
) -> None:
    file = tmp_path_factory.mktemp("profile") / "flet.toml"
    lines = [f'{key} = "{value}"' if line.startswith(f"{key} ") else line for line in GOOD.splitlines()]
    file.write_text("\n".join(lines))
    with suppress(ProfileError):
        profile = load_profile(file)
        assert profile.issuer is None or "?" not in profile.issuer
