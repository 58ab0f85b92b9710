"""What a citizen sends and what becomes of it: drafts, outbox, receipts, timelines, messages.

Nothing that the citizen gave is lost, nothing is sent twice, and everything that arrived has its proof.
"""
