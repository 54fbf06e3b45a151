"""What the market says, as dataclasses. Amounts are base units (see :mod:`neurodata.amounts`), times seconds since 1970, digests ``0x`` and hexadecimal digits."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from .amounts import Amount

Kind = Literal["dataset", "model"]


@dataclass(frozen=True, kw_only=True)
class Summary:
    """An asset as lists show it. Prices are the lowest in NCR, of the newest version."""

    asset_id: int
    kind: Kind
    owner: str
    title: str
    summary: str
    license: str
    tags: tuple[str, ...]
    status: str
    latest_version: int
    published_at: int
    orders: int
    runs: int
    rows: int | None = None
    columns: int | None = None
    sealed_size: int | None = None
    download_price: Amount | None = None
    compute_price: Amount | None = None


@dataclass(frozen=True, kw_only=True)
class SearchHit(Summary):
    """``quality``: 0 to 100; ``rating``: stars, absent without reviews."""

    category: str
    task: str
    quality: int
    rating: float | None = None


@dataclass(frozen=True, kw_only=True)
class Total:
    count: int
    relation: Literal["exact", "atLeast"]


@dataclass(frozen=True, kw_only=True)
class SearchPage:
    """``next``: the cursor of the page after this one; None at the end."""

    items: tuple[SearchHit, ...]
    total: Total
    next: str | None = None


@dataclass(frozen=True, kw_only=True)
class Histogram:
    """``shares[i]`` of the cells lie between ``edges[i]`` and ``edges[i + 1]``, in hundredths; none has fewer than ``least_rows`` rows."""

    edges: tuple[float, ...]
    shares: tuple[float, ...]
    width: float
    least_rows: int


@dataclass(frozen=True, kw_only=True)
class NumericStatistics:
    """Figures that the publisher told and validators compared, rounded to multiples of ``step``; quartiles at 25, 50 and 75 %."""

    min: float
    max: float
    mean: float
    quartiles: tuple[float, ...]
    step: float
    deviation: float | None = None
    histogram: Histogram | None = None


@dataclass(frozen=True, kw_only=True)
class TextShare:
    value: str
    share: float


@dataclass(frozen=True, kw_only=True)
class TextStatistics:
    """The commonest values with their parts of the cells."""

    top: tuple[TextShare, ...]


@dataclass(frozen=True, kw_only=True)
class Column:
    """``missing`` and ``distinct`` count cells and values."""

    name: str
    kind: Literal["numeric", "categorical"]
    missing: int
    distinct: int
    statistics: NumericStatistics | TextStatistics | None = None


@dataclass(frozen=True, kw_only=True)
class Version:
    version: int
    status: str
    at: int
    manifest_digest: str
    manifest_cid: str
    content_root: str
    committee: tuple[int, ...]
    threshold: int
    validators_may_read: bool


@dataclass(frozen=True, kw_only=True)
class Listing:
    """An offer. ``token``: None for NCR; ``last_version`` 0: every later version too; ``period_minutes`` 0 but for subscriptions."""

    listing_id: int
    asset_id: int
    seller: str
    kind: Literal["download", "compute", "subscription"]
    price: Amount
    token: str | None
    period_minutes: int
    first_version: int
    last_version: int
    retired: bool
    model_share_bps: int


@dataclass(frozen=True, kw_only=True)
class Asset(Summary):
    """Everything about an asset; ``columns`` counts what ``column_list`` lists."""

    description: str
    column_list: tuple[Column, ...]
    versions: tuple[Version, ...]
    listings: tuple[Listing, ...]
    source: str | None = None
    sample_asset_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Grant:
    validator_id: int
    at: int


@dataclass(frozen=True, kw_only=True)
class Order:
    """A purchase. ``state``: open until enough validators granted the key, then granted; ``price`` in base units of ``token``, None for NCR."""

    order_id: str
    listing_id: int
    asset_id: int
    asset_title: str
    version: int
    buyer: str
    seller: str
    price: Amount
    token: str | None
    state: str
    threshold: int
    opened_at: int
    grants: tuple[Grant, ...]
    deadline: int | None = None

    @property
    def is_granted(self) -> bool:
        """Whether the key was granted and not taken back."""
        return self.state in ("granted", "disputed", "released", "claimed")


@dataclass(frozen=True, kw_only=True)
class TrainingProgress:
    stage: str
    step: int
    max_steps: int
    loss_curve: tuple[float, ...]
    loss: float | None = None
    seconds_left: float | None = None
    message: str | None = None


@dataclass(frozen=True, kw_only=True)
class ReceiptFacts:
    """What the chain says of a run's result."""

    receipt_digest: str
    receipt_cid: str
    model_digest: str
    checkpoint_root: str
    engine_id: str
    checkpoints: int


@dataclass(frozen=True, kw_only=True)
class Job:
    """A training run. It ends as ``settled`` (validators made it again), ``slashed`` or ``refunded``."""

    job_id: str
    listing_id: int
    asset_id: int
    asset_title: str
    version: int
    buyer: str
    state: str
    price: Amount
    worker_fee: Amount
    validation_fee: Amount
    opened_at: int
    worker: str | None = None
    receipt: ReceiptFacts | None = None
    progress: TrainingProgress | None = None
    model_asset_id: int | None = None

    @property
    def is_over(self) -> bool:
        return self.state in ("settled", "slashed", "refunded")


@dataclass(frozen=True, kw_only=True)
class Metrics:
    """Scores by name on rows that the run never saw; None where one is not defined for them. ``confusion[i][j]``: rows of class i taken for class j."""

    task: str
    scores: dict[str, float | None]
    classes: tuple[str, ...]
    confusion: tuple[tuple[float, ...], ...]
    train_rows: int
    test_rows: int
    dropped_rows: int


@dataclass(frozen=True, kw_only=True)
class RunInput:
    asset_id: int
    version: int
    content_root: str


@dataclass(frozen=True, kw_only=True)
class ReceiptBody:
    job_id: str
    spec_digest: str
    input: RunInput
    engine_id: str
    steps: int
    converged: bool
    checkpoint_root: str
    checkpoint_digests: tuple[str, ...]
    model_digest: str
    metrics: Metrics
    loss_curve: tuple[float, ...]
    log_digest: str


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """The signed record of a run, as its worker handed it in."""

    body: ReceiptBody
    worker: str
    signature: str


@dataclass(frozen=True, kw_only=True)
class BoardSection:
    task: str
    target: str


@dataclass(frozen=True, kw_only=True)
class BoardEntry:
    """A finished run; ``cost`` is what its buyer paid."""

    rank: int
    job_id: str
    algorithm: str
    features: int
    scores: dict[str, float | None]
    test_rows: int
    train_rows: int
    steps: int
    seconds: int
    cost: Amount
    buyer: str
    worker: str
    receipt_digest: str
    model_asset_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Leaderboard:
    """Runs on the held-out rows that the chain fixed, best first. ``waiting``: runs whose verdict is not final."""

    asset_id: int
    version: int
    items: tuple[BoardEntry, ...]
    waiting: int
    section: BoardSection | None = None
    next: int | None = None


@dataclass(frozen=True, kw_only=True)
class RunNeeds:
    units: int
    memory_mib: int = field(metadata={"json": "memoryMiB"})
    cores: int


@dataclass(frozen=True, kw_only=True)
class WorkerOffer:
    account: str
    fee: Amount


@dataclass(frozen=True, kw_only=True)
class Quote:
    """What a run would cost: at most ``total``, of which what the worker asks less than ``max_worker_fee`` comes back. Nobody in ``workers``: it would wait for one."""

    needs: RunNeeds
    price: Amount
    validation_fee: Amount
    bond: Amount
    workers: tuple[WorkerOffer, ...]
    max_worker_fee: Amount
    total: Amount


@dataclass(frozen=True, kw_only=True)
class Check:
    """One thing that was compared, and by whom. ``not-checked`` says what nobody here could verify."""

    name: str
    status: Literal["passed", "failed", "not-checked"]
    detail: str
    by: str


@dataclass(frozen=True, kw_only=True)
class Verification:
    """``passed``: no check failed. ``reexecuted``: the run was repeated here, to the same bit; without it only the documents were compared."""

    job_id: str
    passed: bool
    reexecuted: bool
    checks: tuple[Check, ...]
