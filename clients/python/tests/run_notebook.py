"""Runs the code cells of a notebook from top to bottom in one namespace, as a kernel would: python -m tests.run_notebook NOTEBOOK. It ends with the first cell that fails."""

from __future__ import annotations

import json
import sys
from pathlib import Path


def run_notebook(file: Path) -> int:
    """How many code cells ran."""
    notebook = json.loads(file.read_text(encoding="utf-8"))
    if notebook.get("nbformat") != 4:
        raise SystemExit(f"{file} is no notebook of format 4")
    sources = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    namespace: dict[str, object] = {"__name__": "__main__"}
    for number, source in enumerate(sources, 1):
        print(f"[{number}]", flush=True)
        exec(compile(source, f"{file.name} cell {number}", "exec"), namespace)
    return len(sources)


if __name__ == "__main__":
    print(f"{run_notebook(Path(sys.argv[1]))} cells")
