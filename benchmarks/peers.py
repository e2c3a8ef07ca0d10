"""An environment for each peer, in build/peers: their dependencies are not ours, and one pins an older OR-Tools."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from collections.abc import Sequence
from importlib.metadata import version

from benchmarks.race import PEERS
from benchmarks.raw import ROOT

EXTRAS = {"pyjobshop": "peers", "jobshoplib": "peers-jobshoplib"}
SAME = ("ortools", "numpy")
"""Taken in our version where the peer allows it, so that the solver underneath is the same."""


def install(names: Sequence[str]) -> None:
    """Makes the environments (all without names) with what pyproject.toml pins. Raises SystemExit for another name."""
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    for name in names or EXTRAS:
        if name not in EXTRAS:
            raise SystemExit(f"there is no peer '{name}'; {', '.join(EXTRAS)}")
        folder = PEERS / name
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        call = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        wanted = extras[EXTRAS[name]]
        ours = [f"{package}=={version(package)}" for package in SAME]
        if subprocess.run([*call, *wanted, *ours], check=False, capture_output=True).returncode:
            print(f"{name} does not go with {', '.join(ours)}: it gets what it asks for", flush=True)
            subprocess.run([*call, *wanted], check=True)
        print(f"{name}: {', '.join(wanted)} in build/peers/{name}", flush=True)
