"""Makes environments, and runs what is installed in them."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from attrs import frozen

UV = os.environ.get("UV") or shutil.which("uv") or ""

# Makes the shortest draft there is and prints its path.
DRAFT = """
from shotcaller import Brief, Shot, Shotcaller

with Shotcaller() as caller:
    shot = Shot("A fox", seconds=1, resolution="480p")
    print(caller.generate(shot, Brief(model="animatic/draft")).path)
"""


def run(
    *command: str | Path, env: dict[str, str] | None = None, cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Runs a program to its end, without input, whatever it ends with."""
    return subprocess.run(
        [str(part) for part in command],
        env=env,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


@frozen
class Environment:
    """A virtual environment, a home, and nothing of whoever runs the tests."""

    folder: Path
    wheels: Path

    @property
    def env(self) -> dict[str, str]:
        """The environment of a person who has just logged in."""
        kept = ("LANG", "PATH", "SYSTEMROOT", "TEMP", "TMPDIR")
        own = {name: os.environ[name] for name in kept if name in os.environ}
        home = {"HOME": str(self.folder), "SHOTCALLER_HOME": str(self.folder / "home")}
        return own | home

    def uv(self, *arguments: str) -> None:
        """Runs `uv pip` on this environment; fails the test if that fails."""
        action, *names = arguments
        done = run(UV, "pip", action, "--python", self.python, *names)
        assert done.returncode == 0, done.stderr

    @property
    def python(self) -> Path:
        """The interpreter."""
        return self.folder / "venv" / "bin" / "python"

    def install(self, *names: str) -> None:
        """Installs built distributions with all that they require."""
        found = [next(self.wheels.glob(f"{name}-*.whl")) for name in names]
        self.uv("install", *map(str, found))

    def uninstall(self, name: str) -> None:
        """Takes one distribution away."""
        self.uv("uninstall", name)

    def code(self, program: str) -> subprocess.CompletedProcess[str]:
        """Runs Python code."""
        return run(self.python, "-c", program, env=self.env, cwd=self.folder)

    def shotcaller(
        self, *arguments: str, **settings: str
    ) -> subprocess.CompletedProcess[str]:
        """Runs the command, with settings in its environment."""
        command = self.python.with_name("shotcaller")
        return run(command, *arguments, env=self.env | settings, cwd=self.folder)
