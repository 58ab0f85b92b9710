"""Drives the whole app without Flutter: a client that runs in-process, and a citizen who uses it.

`Citizen` finds, taps, types and reads as a person does; `client` is the one place that knows how Flet
talks to its client; `plugin` gives both to pytest. An agency uses the same parts on its own service.
"""
