"""All the measures, each file in a process of its own: one line each; status 1 if one misses its limit."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
NOT_MEASURES = {"run.py", "measuring.py"}


def main() -> int:
    """Run the measures named on the command line (`facts`), or all of them."""
    wanted = set(sys.argv[1:])
    files = sorted(path for path in HERE.glob("*.py") if path.name not in NOT_MEASURES)
    unknown = wanted - {path.stem for path in files}
    if unknown:
        print(f"Mesures inconnues : {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    chosen = [path for path in files if not wanted or path.stem in wanted]
    return max([subprocess.call([sys.executable, str(path)]) for path in chosen], default=0)


if __name__ == "__main__":
    sys.exit(main())
