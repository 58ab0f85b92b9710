"""`python -m backend`: the same as `loket backend`."""

from backend.command import backend

if __name__ == "__main__":
    backend(prog_name="python -m backend")
