"""`.ci/prepare` on machines that lack something; what it calls are stand-ins, and nothing is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


class Machine:
    """A folder with a copy of the script, and a PATH of programs that write down how they were called."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.programs, self.calls = folder, folder / "bin", folder / "calls"
        (folder / ".ci").mkdir()
        self.programs.mkdir()
        shutil.copy(ROOT / ".ci/prepare", folder / ".ci/prepare")
        for name in ("dirname", "id", "mktemp", "rm", "tail", "env", "mkdir", "cat", "chmod"):
            self._add(name, f'exec "{shutil.which(name)}" "$@"')

    def has(self, name: str, does: str = "") -> None:
        """Add a program: it notes its call, then does `does`."""
        self._add(name, f'echo "{name} $*" >> "{self.calls}"\n{does}')

    def _add(self, name: str, does: str) -> None:
        # "x": never a link to the machine's own program, which writing would go through to.
        with (self.programs / name).open("x") as program:
            program.write(f"#!/bin/sh\n{does}\n")
        (self.programs / name).chmod(0o755)

    def prepare(self, *arguments: str, python: str = "python3") -> subprocess.CompletedProcess[str]:
        """Run the script."""
        return subprocess.run(
            [self.folder / ".ci/prepare", *arguments],
            env={"PATH": str(self.programs), "PYTHON": python, "HOME": os.environ.get("HOME", "")},
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def called(self) -> list[str]:
        """The calls so far."""
        return self.calls.read_text().splitlines() if self.calls.exists() else []


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


PYTHON = """
case "$*" in
    *version_info*) case "$*" in *print*) echo 3.11 ;; *) exit {old} ;; esac ;;
    -V) echo "Python 3.9.2" ;;
    *ensurepip*) [ -e "{there}" ] ;;
    *"-m venv"*) mkdir -p .venv/bin; cat > .venv/bin/python <<'EOF'
#!/bin/sh
echo "venv $*" >> "{calls}"
case "$*" in *install*) exit {install} ;; esac
EOF
    chmod +x .venv/bin/python ;;
esac
"""


def python(machine: Machine, *, old: int = 0, ensurepip: bool = True, install: int = 0) -> None:
    there = machine.folder / "ensurepip"
    if ensurepip:
        there.touch()
    machine.has("python3", PYTHON.format(old=old, there=there, calls=machine.calls, install=install))


def test_a_machine_that_has_everything_gets_the_lock_with_hashes_and_loket_itself(machine: Machine) -> None:
    python(machine)
    done = machine.prepare("python", "requirements.lock")
    assert done.returncode == 0, done.stderr
    installs = [call for call in machine.called if "install" in call]
    assert "--require-hashes -r requirements.lock" in installs[0]
    assert "--no-deps --no-build-isolation -e ." in installs[1]


def test_a_python_without_ensurepip_gets_debians_package(machine: Machine) -> None:
    python(machine, ensurepip=False)
    machine.has("apt-get", f'case "$*" in *install*) : > {machine.folder}/ensurepip ;; esac')
    machine.has("sudo", 'exec "$@"')
    done = machine.prepare("python", "requirements.lock")
    assert done.returncode == 0, done.stderr
    assert any("install" in call and "python3.11-venv" in call for call in machine.called)


def test_no_python_is_told(machine: Machine) -> None:
    done = machine.prepare("python", "requirements.lock", python="python9")
    assert done.returncode == 1
    assert "there is no python9" in done.stderr


def test_an_old_python_is_told(machine: Machine) -> None:
    python(machine, old=1)
    done = machine.prepare("python", "requirements.lock")
    assert done.returncode == 1
    assert "Python 3.9.2; Loket needs Python 3.11 or newer" in done.stderr


def test_packages_that_cannot_be_installed_are_told(machine: Machine) -> None:
    python(machine, install=1)
    done = machine.prepare("python", "requirements.lock")
    assert done.returncode == 1
    assert "the packages of requirements.lock could not be installed" in done.stderr


def test_a_system_without_apt_is_told_what_to_install(machine: Machine) -> None:
    done = machine.prepare("system")
    assert done.returncode == 1
    assert "this needs chromium gnome-keyring dbus" in done.stderr


def test_a_system_that_has_everything_installs_nothing(machine: Machine) -> None:
    for name in ("chromium", "gnome-keyring-daemon", "dbus-run-session", "apt-get"):
        machine.has(name)
    assert machine.prepare("system").returncode == 0
    assert machine.called == []


def test_debian_failing_three_times_is_told_with_what_it_said(machine: Machine) -> None:
    machine.has("apt-get", "echo no network; exit 100")
    machine.has("sudo", 'exec "$@"')
    machine.has("sleep")
    done = machine.prepare("system")
    assert done.returncode == 1
    assert "no network" in done.stderr
    assert "As root: apt-get install chromium gnome-keyring dbus" in done.stderr
    assert sum("apt-get update" in call for call in machine.called) == 3
