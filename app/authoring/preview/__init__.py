"""Plays a service in the running app while its author writes it: `loket service preview`."""
