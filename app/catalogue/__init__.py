"""Finding a service: the whole catalogue on the device, with life events, search and definitions.

Public data, so not encrypted; it comes from the backend alone and is readable without a network ever after.
"""
