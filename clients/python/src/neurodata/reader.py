"""What is public of a market, read from a node."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, TypeVar

from . import checks
from .api import Api
from .decode import decode
from .errors import NeuroDataError
from .models import Asset, Column, Job, Kind, Leaderboard, Order, Receipt, SearchHit, SearchPage

T = TypeVar("T")


class Reader:
    """Reads over HTTP; needs no account and no other program.

    :param url: of the node
    :param timeout: seconds that one try of a read may wait
    """

    def __init__(self, url: str, *, timeout: float = 30.0) -> None:
        self._api = Api(url, timeout=timeout)

    @property
    def url(self) -> str:
        return self._api.url

    def search(
        self,
        text: str | None = None,
        *,
        kind: Kind | None = None,
        sort: Literal["relevance", "newest", "popular", "trending", "price", "rows", "rating"] | None = None,
        category: Sequence[str] | str | None = None,
        license: Sequence[str] | str | None = None,
        task: Sequence[str] | str | None = None,
        tag: Sequence[str] | str | None = None,
        publisher: str | None = None,
        limit: int = 20,
        cursor: str | None = None,
    ) -> SearchPage:
        """Assets by words and filters, best first; of several values of one filter one has to fit. ``limit`` is at most 100.

        :raises NeuroDataError: ``BAD_INPUT`` for a filter that the node does not know, and what :class:`~neurodata.api.Api` raises
        """
        query = {"q": text, "kind": kind, "sort": sort, "category": category, "license": license, "task": task, "tag": tag, "publisher": publisher, "limit": limit, "cursor": cursor}
        return decode(SearchPage, self._api.get("/api/v1/search", query))

    def search_all(self, text: str | None = None, *, kind: Kind | None = None, most: int = 1_000) -> Iterator[SearchHit]:
        """What :meth:`search` finds, page by page, at most so many."""
        cursor: str | None = None
        left = most
        while left > 0:
            page = self.search(text, kind=kind, limit=min(left, 100), cursor=cursor)
            yield from page.items
            left -= len(page.items)
            cursor = page.next
            if cursor is None or not page.items:
                return

    def asset(self, asset_id: int) -> Asset:
        """Everything that is public about an asset: columns with statistics, versions, listings.

        :raises NeuroDataError: ``NOT_FOUND``
        """
        return decode(Asset, self._api.get(f"/api/v1/assets/{checks.number(asset_id)}"))

    def statistics(self, asset_id: int) -> tuple[Column, ...]:
        """What its publisher told of each column and validators compared: rounded, none finer than was chosen."""
        return self.asset(asset_id).column_list

    def leaderboard(self, asset_id: int, *, version: int | None = None, task: str | None = None, target: str | None = None, sort: str | None = None, limit: int = 20) -> Leaderboard:
        """Finished runs on the rows that the chain held out, best first."""
        query = {"version": version, "task": task, "target": target, "sort": sort, "limit": limit}
        return decode(Leaderboard, self._api.get(f"/api/v1/datasets/{checks.number(asset_id)}/leaderboard", query))

    def order(self, order_id: str) -> Order:
        return decode(Order, self._api.get(f"/api/v1/orders/{checks.identifier(order_id, '01')}"))

    def orders(self, *, buyer: str | None = None, asset_id: int | None = None, limit: int = 100) -> tuple[Order, ...]:
        """The newest orders, of one buyer's address or of one asset."""
        return self._items(Order, "/api/v1/orders", {"buyer": buyer, "assetId": asset_id, "limit": limit})

    def job(self, job_id: str) -> Job:
        return decode(Job, self._api.get(f"/api/v1/jobs/{checks.identifier(job_id, '02')}"))

    def jobs(self, *, buyer: str | None = None, asset_id: int | None = None, limit: int = 100) -> tuple[Job, ...]:
        """The newest training runs, of one buyer's address or on one asset."""
        return self._items(Job, "/api/v1/jobs", {"buyer": buyer, "assetId": asset_id, "limit": limit})

    def receipt(self, job_id: str) -> Receipt:
        """What a run's worker handed in, fetched by the digest that stands on chain. Whether it is true :meth:`verify` says.

        :raises NeuroDataError: ``NOT_READY`` before there is one, ``CONTENT_MISMATCH``
        """
        job = self.job(job_id)
        if job.receipt is None:
            raise NeuroDataError(f"Run {job_id} has no receipt.", code="NOT_READY", remedy="Wait until its worker has handed one in.", retryable=True)
        return decode(Receipt, self._api.json_block(job.receipt.receipt_cid))

    def _items(self, kind: type[T], path: str, query: Mapping[str, object]) -> tuple[T, ...]:
        return tuple(decode(kind, one) for one in checks.items(checks.field(self._api.get(path, query), "items")))
