"""The door that Flet opens (`flet run`, `flet build`), and what `make run` starts."""

from app.opening import open_loket

if __name__ == "__main__":
    open_loket()
