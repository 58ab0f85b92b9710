"""What the device keeps: the encrypted database of the citizen's data, and the plain, impersonal settings.

`storage.py` is the database as others see it, `sealing.py` its cryptography, `schema.py` its file.
"""
