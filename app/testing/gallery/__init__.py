"""Every field type as a citizen meets it: an example service for each, for tests and for the gallery page.

- `examples`: a field of each type, how it is answered, what that gives, and what is said where it is wrong.
- `services`: writes the examples as services that the real backend reads.

`tests/ui/fields` meets them headless; `app.authoring.gallery` takes their pictures.
"""
