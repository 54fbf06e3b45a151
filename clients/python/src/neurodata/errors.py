"""The one exception of this package."""

from __future__ import annotations


class NeuroDataError(Exception):
    """A short message that names the thing, a stable code, and what to do about it.

    Codes are those of the API (``NOT_FOUND``, ``NOT_ENTITLED``, ``CONFLICT`` ...), and of this package:
    ``NO_PROGRAM`` (no ``neurodata`` command), ``PROGRAM_FAILED`` (it ended without an answer),
    ``BAD_ANSWER`` (an answer of another form than expected), ``MISSING_PACKAGE`` (pandas, pyarrow).

    :ivar retryable: whether the same call may succeed later, unchanged.
    """

    def __init__(
        self,
        message: str,
        *,
        code: str,
        remedy: str | None = None,
        details: str | None = None,
        retryable: bool = False,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.remedy = remedy
        self.details = details
        self.retryable = retryable

    def __str__(self) -> str:
        """The message, the remedy and the code in one line, details below."""
        line = " ".join(part for part in (self.message, self.remedy) if part)
        return f"{line} ({self.code})" + (f"\n{self.details}" if self.details else "")
