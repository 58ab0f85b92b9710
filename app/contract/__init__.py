"""The contract: what the app, the backend and the agencies say to each other.

Service definitions and the messages of the unified backend, as pydantic models, and the few
rules that both sides must compute alike: canonical JSON, reference numbers, phrases.
This room imports no other room.
"""
