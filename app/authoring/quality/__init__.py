"""The quality scale: what earns a service bronze, silver, gold or platinum, and what is still to do."""
