"""For agencies: `reference` is a small system that takes deliveries and decides, to run and to copy; `kit`
asks any such system, at any address, whether it does what it must. See docs/agencies/connector.md."""
