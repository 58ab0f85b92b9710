"""Where a service is offered, who offers it, and what lists show of the catalogue."""

from __future__ import annotations

from country import NOW, Source, country, regional, service

from app.catalogue.catalogue import Catalogue


async def loaded(parts) -> Catalogue:
    catalogue = await Catalogue.load(None, lambda: NOW)
    await catalogue.sync(Source(parts))
    return catalogue


async def test_a_service_of_another_region_says_where_it_is_and_what_to_take_instead() -> None:
    catalogue = await loaded(regional())
    away = catalogue.offering("polres-kota-surabaya/skck", "32.73.02.1004")
    assert (away.here, away.regions) == (False, ("35.78",))
    assert away.instead is not None
    assert away.instead.id == "polres-kota-bandung/skck"
    nowhere_near = catalogue.offering("polres-kota-surabaya/skck", "11.01")
    assert (nowhere_near.here, nowhere_near.instead) == (False, None)


async def test_a_service_of_the_nation_or_of_my_province_is_offered_here() -> None:
    parts = country([service("x/y", "Pajak", regions=["32"], agency="polri"), service("x/z", "Paspor")])
    catalogue = await loaded(parts)
    assert catalogue.offering("x/y", "32.73").here
    assert not catalogue.offering("x/y", "35.78").here
    assert catalogue.offering("x/z", "35.78").here
    assert catalogue.offering("x/y", None).here
    assert catalogue.offering("gone/gone", "32.73").here


async def test_a_life_event_has_the_services_of_my_region_alone() -> None:
    births = [
        service(f"o-{code}/birth", "Akta", events=("birth",), regions=[code], agency="o")
        for code in ("32.73", "35.78")
    ]
    catalogue = await loaded(country([*births, service("n/birth", "BPJS", events=("birth",))]))
    assert {row.id for row in catalogue.by_life_event("birth", "32.73")} == {"o-32.73/birth", "n/birth"}
    assert {row.id for row in catalogue.by_life_event("birth")} == {"n/birth"}
    assert catalogue.by_life_event("gone") == ()


async def test_agencies_and_services_are_listed_in_pieces() -> None:
    catalogue = await loaded(regional())
    assert (catalogue.agency_count, catalogue.size) == (6, 9)
    assert [a.id for a in catalogue.agencies(0, 2)] == ["bpjs", "dukcapil"]
    assert catalogue.agencies(4, 99) == catalogue.agencies()[4:]
    assert [s.id for s in catalogue.services(0, 2)] == ["bpjs/join", "bpjs/newborn"]
    agency = catalogue.agency("polres-kota-bandung")
    assert agency is not None
    assert (str(agency.short_name), agency.region) == ("Polres Kota Bandung", "32.73")
    assert [s.id for s in catalogue.by_agency("polres-kota-bandung")] == ["polres-kota-bandung/skck"]
    assert (catalogue.agency("gone"), catalogue.by_agency("gone")) == (None, ())


async def test_a_service_of_an_agency_that_is_not_listed_is_named_by_its_id() -> None:
    catalogue = await loaded(country([service("ghost/errand", "Urusan hantu")]))
    row = catalogue.service("ghost/errand")
    assert row is not None
    assert (row.agency, str(catalogue.agency_name(row))) == ("ghost", "ghost")
