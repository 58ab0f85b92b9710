"""The client of the unified backend: one typed method an operation.

What comes back is a model of the contract or a typed error whose `phrase` a citizen can read. What the
network does to a request (lost, slow, answered twice, answered by somebody else) is decided here, once.
"""
