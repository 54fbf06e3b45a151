"""A table on this machine, as DataFrame, as Arrow, or as plain rows."""

from __future__ import annotations

import importlib
import json
import tempfile
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from .errors import NeuroDataError
from .models import Check
from .program import Program

if TYPE_CHECKING:
    import pandas
    import pyarrow

Format = Literal["csv", "parquet", "arrow", "json"]


class Download:
    """A file that was fetched, unsealed and checked.

    :ivar path: where it lies. Where no place was named, in a folder of its own that goes with this object.
    :ivar checks: what was compared on the way; none of them failed. Empty for the answer of a query.
    :ivar rows: how many there are, where the program says so
    """

    def __init__(
        self,
        path: Path,
        *,
        program: Program,
        asset_id: int | None = None,
        version: int | None = None,
        rows: int | None = None,
        checks: tuple[Check, ...] = (),
        folder: tempfile.TemporaryDirectory[str] | None = None,
    ) -> None:
        self.path = path
        self.asset_id = asset_id
        self.version = version
        self.rows = rows
        self.checks = checks
        self._program = program
        if folder is not None:
            weakref.finalize(self, folder.cleanup)

    def to_pandas(self) -> pandas.DataFrame:
        """The table as a DataFrame: through Arrow where pyarrow is installed, else through CSV. Empty cells and ``NA`` are missing.

        :raises NeuroDataError: ``MISSING_PACKAGE``; ``BAD_INPUT`` for what is no table
        """
        found = _package("pandas")
        if _has("pyarrow"):
            frame: pandas.DataFrame = self.to_arrow().to_pandas()
            return frame
        with self._as("csv") as file:
            read: pandas.DataFrame = found.read_csv(file, keep_default_na=False, na_values=["", "NA"])
        return read

    def to_arrow(self) -> pyarrow.Table:
        """The table as Arrow, with the types that its columns have in the whole file.

        :raises NeuroDataError: as :meth:`to_pandas`
        """
        found = _package("pyarrow")
        # What it reads itself keeps all of its types.
        if self._begins_with(b"PAR1"):
            parquet: pyarrow.Table = importlib.import_module("pyarrow.parquet").read_table(self.path)
            return parquet
        ipc = importlib.import_module("pyarrow.ipc")
        with self._as("arrow") as file, found.OSFile(str(file), "rb") as source:
            table: pyarrow.Table = ipc.open_file(source).read_all()
        return table

    def records(self) -> Iterator[dict[str, object]]:
        """The rows, one after the other, by the columns' names; needs no package. Dates and times are texts.

        :raises NeuroDataError: ``BAD_INPUT`` for what is no table
        """
        with self._as("json") as file, file.open(encoding="utf-8") as lines:
            for line in lines:
                yield json.loads(line)

    @contextmanager
    def _as(self, wanted: Format) -> Iterator[Path]:
        """The table written as something else, in a process that reads it and nothing more; removed afterwards. Cells are as they are."""
        if wanted == "arrow" and self._begins_with(b"ARROW1"):
            yield self.path
            return
        with tempfile.TemporaryDirectory(prefix="neurodata-") as folder:
            file = Path(folder) / "rows"
            self._program.run(["datasets", "sql", f"--format={wanted}", f"--output={file}", "--raw", "--", str(self.path), "FROM data"])
            yield file

    def _begins_with(self, mark: bytes) -> bool:
        with self.path.open("rb") as file:
            return file.read(len(mark)) == mark


def _has(name: str) -> bool:
    try:
        importlib.import_module(name)
    except ImportError:
        return False
    return True


def _package(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as cause:
        raise NeuroDataError(f"{name} is not installed.", code="MISSING_PACKAGE", remedy="Install it: pip install 'neurodata[pandas]'. Or use records().") from cause
