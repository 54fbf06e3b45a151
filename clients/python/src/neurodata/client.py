"""The client: what is public is read from the node, what needs keys is done by the ``neurodata`` command."""

from __future__ import annotations

import os
import re
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from . import checks, words
from .decode import decode
from .download import Download, Format
from .errors import NeuroDataError
from .models import Check, Job, Order, Quote, Verification
from .program import Program, Progress, ProgressCallback
from .reader import Reader

T = TypeVar("T")
Price = str | int | Decimal

#: Seconds between two looks at something that is waited for.
POLL = 0.5
#: What was just sent may not be indexed yet.
INDEX_GRACE = 30.0


class Client(Reader):
    """Reads a market, and acts in it as one account.

    Reads ask the node over HTTP. :meth:`buy`, :meth:`download`, :meth:`run`, :meth:`quote`, :meth:`sql` and :meth:`verify` run the ``neurodata`` command on this machine, which holds
    the keys, unseals, and checks everything against the chain.

    :param url: of the node; else ``NEURODATA_URL``, else http://localhost:4000
    :param account: name of a demo account to act as; else what ``neurodata account use`` chose or ``NEURODATA_PRIVATE_KEY`` says
    :param private_key: an account's key, ``0x`` and 64 hexadecimal digits. It goes to the command by its environment, and nowhere else.
    :param home: the command's state folder, which keeps bought keys; else ``NEURODATA_HOME``, else ``.neurodata`` in the working folder
    :param program: the command, as a path or as words; else ``NEURODATA_CLI``, else ``neurodata`` on the PATH
    :param timeout: seconds that one try of a read may wait
    """

    def __init__(
        self,
        url: str | None = None,
        *,
        account: str | None = None,
        private_key: str | None = None,
        home: str | os.PathLike[str] | None = None,
        program: Sequence[str] | str | None = None,
        timeout: float = 30.0,
    ) -> None:
        super().__init__(url or os.environ.get("NEURODATA_URL") or "http://localhost:4000", timeout=timeout)
        environment = {"NEURODATA_URL": self.url}
        if home is not None:
            environment["NEURODATA_HOME"] = str(Path(home).resolve())
        if private_key is not None:
            if account is not None:
                raise NeuroDataError("There are an account and a private key.", code="BAD_INPUT", remedy="Give one of them.")
            environment["NEURODATA_PRIVATE_KEY"] = private_key
        if account is not None and not re.fullmatch(r"\w[\w.@-]{0,63}", account):
            raise NeuroDataError(f"{account!r} is no name of an account.", code="BAD_INPUT", remedy="Run `neurodata account list` for the names.")
        who = "env" if private_key is not None else account
        self._program = Program(program, environment=environment, first=words.option("as", who))

    def address(self) -> str:
        """Of the account that this client acts as.

        :raises NeuroDataError: ``BAD_INPUT`` where none is chosen, and what :class:`~neurodata.program.Program` raises; so do all that follow
        """
        return str(checks.field(self._program.run(["account", "show"]).value, "address"))

    def buy(
        self,
        asset_id: int,
        *,
        max_price: Price,
        version: int | None = None,
        listing: int | None = None,
        wait: bool = True,
        timeout: float = 180.0,
        progress: ProgressCallback | None = None,
    ) -> Order:
        """Pays into escrow, and waits until validators have granted the key. It asks nobody: calling it is the yes.

        :param max_price: in the token of the listing, NCR for most; a higher price is refused
        :param version: by default the newest live one
        :param listing: by default the cheapest download
        :param wait: False: the order may still be open
        :param timeout: seconds to wait for the key. The order stays: wait on with :meth:`wait_for_key`.
        :raises NeuroDataError: ``CONFLICT`` over the price or where the order was refunded, ``NO_FUNDS``, ``NOT_FOUND``, ``TIMEOUT``
        """
        asked = [*words.option("max-price", words.price(max_price)), *words.option("asset-version", checks.optional(version)), *words.option("listing", checks.optional(listing))]
        bought = self._program.run(["datasets", "buy", "--no-wait", "--yes", *asked, str(checks.number(asset_id))]).value
        order_id = str(checks.field(bought, "orderId"))
        return self.wait_for_key(order_id, timeout=timeout, progress=progress) if wait else self._indexed(lambda: self.order(order_id))

    def wait_for_key(self, order_id: str, *, timeout: float = 180.0, progress: ProgressCallback | None = None) -> Order:
        """Waits until the key of an order was granted.

        :raises NeuroDataError: ``TIMEOUT``; ``CONFLICT`` where it was refunded
        """
        tell = _changes(progress)

        def look() -> Order | None:
            order = self._indexed(lambda: self.order(order_id))
            tell("Waiting for key shares", min(len(order.grants), order.threshold), order.threshold, "")
            if order.state == "refunded":
                raise NeuroDataError(f"Order {order_id} was refunded.", code="CONFLICT", remedy="Buy it again.")
            return order if order.is_granted else None

        return _poll(look, timeout, f"The key of order {order_id} was not granted", "The money returns by itself when the grant window is over.")

    def download(
        self,
        what: int | str,
        *,
        to: str | os.PathLike[str] | None = None,
        version: int | None = None,
        columns: Sequence[str] | None = None,
        where: str | None = None,
        format: Format | None = None,
        raw: bool = False,
        force: bool = False,
        progress: ProgressCallback | None = None,
    ) -> Download:
        """Fetches, unseals and checks what was bought. By default the file is as it was sold, to the byte; columns, a condition or a format keep a part of a table.

        :param what: an asset's number (the account's newest order of it), or an order's id
        :param to: the file to write; else it lies in a temporary folder that goes with what is returned
        :param where: an SQL condition like ``"mass > 4000"``
        :param raw: of CSV: cells as they are, also those that a spreadsheet would run
        :param force: replace a file that exists
        :raises NeuroDataError: ``NOT_ENTITLED``, ``NO_KEY`` where the key lies elsewhere, ``CONTENT_MISMATCH``, ``CONFLICT`` where the file exists
        """
        which = [f"--asset={checks.number(what)}"] if isinstance(what, int) else [checks.identifier(what, "01")]
        folder, file = _place(to)
        asked = [
            *words.option("asset-version", checks.optional(version)),
            *words.option("columns", words.names(columns)),
            *words.option("where", where),
            *words.option("format", format or ("parquet" if to is None and (columns is not None or where is not None) else None)),
            *words.option("raw", raw),
            *words.option("force", force),
        ]
        said = self._program.run(["datasets", "download", f"--out={file}", *asked, *which], progress=progress).value
        passed = tuple(decode(Check, one) for one in checks.items(checks.field(said, "checks")))
        rows = said.get("rows") if isinstance(said, dict) else None
        return Download(
            file, program=self._program, asset_id=int(str(checks.field(said, "assetId"))), version=int(str(checks.field(said, "version"))), rows=rows if isinstance(rows, int) else None, checks=passed, folder=folder
        )

    def sql(self, table: int | str | os.PathLike[str], query: str, *, to: str | os.PathLike[str] | None = None, format: Format | None = None, timeout: float = 120.0) -> Download:
        """Asks one SELECT of a table, which is called ``data``: a file, or the number of a dataset that was bought. Nothing of it leaves this machine.

        :param to: the file to write, as its name says or ``format``; else the answer lies in a temporary folder that goes with what is returned
        :param timeout: seconds that the query may take
        :raises NeuroDataError: ``BAD_INPUT`` for what is no SELECT or no table, ``TIMEOUT``, ``TOO_LARGE``
        """
        folder, file = _place(to)
        subject = str(checks.number(table)) if isinstance(table, int) else str(Path(table).resolve())
        asked = [*words.option("format", format or ("parquet" if to is None else None)), f"--output={file}", "--raw", f"--timeout={max(1, round(timeout))}"]
        said = self._program.run(["datasets", "sql", *asked, "--", subject, query]).value
        return Download(file, program=self._program, rows=int(str(checks.field(said, "rows"))), folder=folder)

    def quote(self, asset_id: int, *, target: str | None = None, algorithm: str | None = None, features: Sequence[str] | None = None, parameters: Mapping[str, words.Value] | None = None) -> Quote:
        """What a run would cost, and who could run it; buys nothing. Takes what :meth:`run` takes."""
        asked = _training(asset_id, target=target, algorithm=algorithm, features=features, parameters=parameters)
        return decode(Quote, self._program.run(["jobs", "quote", *asked]).value)

    def run(
        self,
        asset_id: int,
        *,
        max_price: Price,
        target: str | None = None,
        algorithm: str | None = None,
        task: str | None = None,
        features: Sequence[str] | None = None,
        parameters: Mapping[str, words.Value] | None = None,
        search: Mapping[str, Sequence[words.Value]] | None = None,
        folds: int | None = None,
        seed: int | None = None,
        test_fraction: float | None = None,
        version: int | None = None,
        leaderboard: bool = False,
        wait: bool = True,
        timeout: float = 900.0,
        progress: ProgressCallback | None = None,
    ) -> Job:
        """Buys one training run on the asset's cheapest compute listing, and follows it to its end. It asks nobody: calling it is the yes.

        :param max_price: NCR in all; what the worker asks less comes back
        :param target: the column to predict; None for clustering and reduction
        :param search: values of parameters to try, each combination
        :param leaderboard: test on the rows that the chain held out
        :param wait: False: return once it is open
        :param timeout: seconds to follow it. It goes on without you: :meth:`wait_for_run`.
        :raises NeuroDataError: ``BAD_INPUT``, ``NOT_FOUND``, ``CONFLICT`` over the price, ``NOT_READY`` where no worker fits, ``NO_FUNDS``, ``TIMEOUT``
        """
        asked = _training(asset_id, target=target, algorithm=algorithm, features=features, parameters=parameters)
        more = {"task": task, "folds": folds, "seed": seed, "test-fraction": test_fraction, "asset-version": checks.optional(version), "leaderboard": leaderboard, "max-price": words.price(max_price)}
        options = [word for name, value in more.items() for word in words.option(name, value)]
        started = self._program.run(["jobs", "run", "--no-wait", "--yes", *asked, *options, *words.search(search)]).value
        job_id = str(checks.field(started, "jobId"))
        return self.wait_for_run(job_id, timeout=timeout, progress=progress) if wait else self._indexed(lambda: self.job(job_id))

    def wait_for_run(self, job_id: str, *, timeout: float = 900.0, progress: ProgressCallback | None = None) -> Job:
        """Follows a run until it is settled, slashed or refunded: look at its ``state``.

        :raises NeuroDataError: ``TIMEOUT``
        """
        tell = _changes(progress)

        def look() -> Job | None:
            job = self._indexed(lambda: self.job(job_id))
            at = job.progress
            stage = at.stage if at and job.state == "claimed" else job.state
            loss = "" if at is None or not at.loss_curve else f"loss {at.loss_curve[-1]:.5g}"
            tell(stage, at.step if at else 0, at.max_steps if at and stage == "training" else None, loss)
            return job if job.is_over else None

        return _poll(look, timeout, f"Run {job_id} did not end", "Wait on: it goes on without you.")

    def verify(self, what: str | os.PathLike[str], *, data: str | os.PathLike[str] | None = None, progress: ProgressCallback | None = None) -> Verification:
        """Checks a run's receipt against the chain and, where the account holds the data or ``data`` names it, runs it again here.

        :param what: a run's id, or a file with a receipt
        :param data: the dataset as a file; else what the account bought is fetched
        :raises NeuroDataError: where it cannot be checked. One that was checked and is wrong is returned, with ``passed`` False.
        """
        subject = what.lower() if isinstance(what, str) and what.startswith("0x") else str(Path(what).resolve())
        asked = words.option("data", None if data is None else Path(data).resolve())
        return decode(Verification, self._program.run(["runs", "verify", *asked, subject], progress=progress).value)

    def _indexed(self, read: Callable[[], T]) -> T:
        """Reads what the chain has, and the node a moment later."""
        until = time.monotonic() + INDEX_GRACE
        while True:
            try:
                return read()
            except NeuroDataError as error:
                if error.code != "NOT_FOUND" or time.monotonic() > until:
                    raise
            time.sleep(POLL)


def _training(asset_id: int, *, target: str | None, algorithm: str | None, features: Sequence[str] | None, parameters: Mapping[str, words.Value] | None) -> list[str]:
    plain = {"asset": checks.number(asset_id), "target": target, "algorithm": algorithm, "features": words.names(features)}
    return [word for name, value in plain.items() for word in words.option(name, value)] + words.parameters(parameters)


def _poll(look: Callable[[], T | None], timeout: float, what: str, remedy: str) -> T:
    until = time.monotonic() + timeout
    while True:
        found = look()
        if found is not None:
            return found
        if time.monotonic() > until:
            raise NeuroDataError(f"{what} within {timeout} s.", code="TIMEOUT", remedy=remedy, retryable=True)
        time.sleep(POLL)


def _changes(progress: ProgressCallback | None) -> Callable[[str, float, float | None, str], None]:
    """Tells what is other than the last time."""
    last: Progress | None = None

    def tell(stage: str, done: float, total: float | None, note: str) -> None:
        nonlocal last
        now = Progress(stage=stage, done=done, total=total, note=note)
        if progress and now != last:
            progress(now)
        last = now

    return tell


def _place(to: str | os.PathLike[str] | None) -> tuple[tempfile.TemporaryDirectory[str] | None, Path]:
    if to is not None:
        return None, Path(to).resolve()
    folder = tempfile.TemporaryDirectory(prefix="neurodata-")
    return folder, Path(folder.name) / "rows"
