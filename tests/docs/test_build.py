"""The documentation builds without a warning: every link leads somewhere, every page is in the contents."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.docs.markdown import DOCS


def test_sphinx_has_nothing_to_warn_of(tmp_path: Path) -> None:
    made = subprocess.run([sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-b", "dummy",
                           "-d", str(tmp_path / "trees"), str(DOCS), str(tmp_path / "out")],
                          capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
