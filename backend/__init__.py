"""The unified backend: one contract for every agency, from a laptop with SQLite to a nation with PostgreSQL.

`application.create` builds it, `serving` runs it, `embedded` starts it for the app. It imports
`app.contract` and `app.forms` and no other room of the app: the same rules hold on both sides.
"""
