"""The ways through dukcapil/child-identity-card, kept by `loket service walk`."""

from app.authoring.walk.played import played

test_the_form_is_the_one_that_was_walked, test_every_way, test_ways_in_the_app = played(__file__)
