"""Search, buy, train on and verify datasets of a NeuroData market.

>>> from neurodata import Client
>>> market = Client("http://localhost:4000", account="alice")
>>> order = market.buy(1, max_price="30")
>>> frame = market.download(order.order_id).to_pandas()
"""

from .amounts import Amount, format_ncr, parse_ncr
from .client import Client
from .download import Download
from .errors import NeuroDataError
from .models import (
    Asset,
    BoardEntry,
    BoardSection,
    Check,
    Column,
    Histogram,
    Job,
    Leaderboard,
    Listing,
    Metrics,
    NumericStatistics,
    Order,
    Quote,
    Receipt,
    ReceiptBody,
    SearchHit,
    SearchPage,
    TextStatistics,
    TrainingProgress,
    Verification,
    Version,
)
from .program import Progress, ProgressCallback

__version__ = "0.1.0"

__all__ = [
    "Amount",
    "Asset",
    "BoardEntry",
    "BoardSection",
    "Check",
    "Client",
    "Column",
    "Download",
    "Histogram",
    "Job",
    "Leaderboard",
    "Listing",
    "Metrics",
    "NeuroDataError",
    "NumericStatistics",
    "Order",
    "Progress",
    "ProgressCallback",
    "Quote",
    "Receipt",
    "ReceiptBody",
    "SearchHit",
    "SearchPage",
    "TextStatistics",
    "TrainingProgress",
    "Verification",
    "Version",
    "format_ncr",
    "parse_ncr",
]
