"""Documents on the device: verifiable credentials, proved before they are shown, shared claim by claim."""
