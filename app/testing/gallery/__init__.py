"""Every field type as a citizen meets it: an example service for each, for tests and the gallery page.

    python -m app.testing.gallery            artefacts/gallery/fields.html

- `examples`: a field of each type, how it is answered, what that gives, and what is said where it is wrong.
- `services`: writes the examples as services that the real backend reads.
- `shots`: opens each in Chromium, in light and dark, at 100 and 200 %, with an error and offline.
"""
