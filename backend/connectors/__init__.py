"""Deliveries to the agencies' own systems: what happens to their applications is told to the address that
they connected, at least once, in order for each application, and signed.

`registration` connects and shows; `outbox` writes what is to be told, in the transaction of what happened;
`courier` sees to it that it is told; `carrier` makes one attempt, to `addresses` that may be reached.
"""
