"""What Loket costs, measured: start-up, each interaction, and a test without Flutter.

`python -m benchmarks` runs all of it and writes RESULTS.md. Figures that depend on the machine are given
as ratios to something measured in the same run.
"""

COUNTRY = 27_000
"""Services of a whole country."""
