"""A form as pure logic: conditions, validation, journey, answers by concept.

Plain typed Python without Flet and without I/O, imported by the app and by the backend, so that both sides
decide alike. Time comes in as `today` (the calendar day in Indonesia), what the state knows as `Me`.

- `journey.Journey`: a citizen's way through the pages; what a form screen talks to.
- `validation.check_page`, `check_submission`, `visible_answers`: the rules, the same on both sides.
- `prefill.prefilled`: what the state knows already, with source and date.
- `review.review`: the rows of the check page.
- `kinds`: one way to read, check and show the answers of each field type.
- `conditions.holds`: when something applies.
"""
