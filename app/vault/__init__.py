"""Secrets on the device: the operating system's keyring, the Android Keystore, or memory for this run.

Only small keys live here (a few dozen bytes each). Everything else is in `app.storage`, encrypted.
There is no plain-text fallback: where no safe vault exists, secrets die with the process.
"""
