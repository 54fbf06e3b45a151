"""The node's HTTP API, as far as it is read: nothing here signs or unseals."""

from __future__ import annotations

import base64
import hashlib
import http.client
import json
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping

from .errors import NeuroDataError

MOST_BYTES = 64 << 20
RETRIED = (429, 502, 503, 504)
#: Seconds before a second try, where the node does not say; twice that before the next.
FIRST_PAUSE = 0.25
LONGEST_PAUSE = 30.0

Query = Mapping[str, object]


class Api:
    """Reads JSON and blocks of one node. A read that fails on the way, or that the node asks to repeat, is tried again.

    :param url: of the node, like ``http://localhost:4000``
    :param timeout: seconds that one try may wait
    :param tries: of each read
    """

    def __init__(self, url: str, *, timeout: float = 30.0, tries: int = 4) -> None:
        parts = urllib.parse.urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise NeuroDataError(f"{url!r} is no address of a node.", code="BAD_INPUT", remedy="Give one like http://localhost:4000.")
        self.url = url.rstrip("/")
        self._timeout = timeout
        self._tries = tries

    def get(self, path: str, query: Query | None = None) -> object:
        """The JSON at a path below the node's address. Values of the query that are None are left out.

        :raises NeuroDataError: what the node answers, ``UNREACHABLE``, ``TIMEOUT``, ``TOO_LARGE``, ``BAD_ANSWER``
        """
        asked = {name: _text(value) for name, value in (query or {}).items() if value is not None}
        address = f"{self.url}{path}" + (f"?{urllib.parse.urlencode(asked)}" if asked else "")
        return self._parsed(self._read(address, "application/json"))

    def block(self, cid: str) -> bytes:
        """A document by its CID, hashed: whatever the node says, these are the bytes that were asked for.

        :raises NeuroDataError: as :meth:`get`; ``CONTENT_MISMATCH``; ``BAD_INPUT`` for what is no CID of raw bytes and SHA-256
        """
        digest = digest_of_cid(cid)
        body = self._read(f"{self.url}/ipfs/{cid}?format=raw", "application/vnd.ipld.raw")
        if hashlib.sha256(body).digest() != digest:
            raise NeuroDataError(f"The node gave other bytes than {cid}.", code="CONTENT_MISMATCH", remedy="Ask another node.")
        return body

    def json_block(self, cid: str) -> object:
        """A document of JSON, as :meth:`block`."""
        return self._parsed(self.block(cid))

    def _parsed(self, body: bytes) -> object:
        try:
            return json.loads(body)
        except ValueError as cause:
            raise NeuroDataError(f"{self.url} answered no JSON.", code="BAD_ANSWER", remedy="Is it a node of NeuroData?") from cause

    def _read(self, address: str, kind: str) -> bytes:
        request = urllib.request.Request(address, headers={"accept": kind, "user-agent": "neurodata-python"})
        pause = FIRST_PAUSE
        for left in reversed(range(self._tries)):
            try:
                return self._read_once(request)
            except NeuroDataError as error:
                if not error.retryable or left == 0:
                    raise
                asked = _pause_of(error.__cause__)
                time.sleep(min(pause if asked is None else asked, LONGEST_PAUSE))
                pause *= 2
        raise AssertionError("there is a last try")

    def _read_once(self, request: urllib.request.Request) -> bytes:
        try:
            with urllib.request.urlopen(request, timeout=self._timeout) as answer:
                body: bytes = answer.read(MOST_BYTES + 1)
        except urllib.error.HTTPError as error:
            with error:
                raise _problem(error.code, error.read(1 << 20)) from error
        except TimeoutError as error:
            raise NeuroDataError(f"{self.url} did not answer within {self._timeout} s.", code="TIMEOUT", remedy="Try again.", retryable=True) from error
        except (OSError, http.client.HTTPException) as error:
            raise NeuroDataError(f"{self.url} cannot be reached.", code="UNREACHABLE", remedy="Is the node running, and is the address right?", details=str(error), retryable=True) from error
        if len(body) > MOST_BYTES:
            raise NeuroDataError(f"The answer is longer than {MOST_BYTES} bytes.", code="TOO_LARGE", remedy="Ask for less.")
        return body


def digest_of_cid(cid: str) -> bytes:
    """The SHA-256 that a CID (version 1, raw bytes, base32) names.

    :raises NeuroDataError: ``BAD_INPUT``
    """
    if re.fullmatch(r"b[a-z2-7]{58}", cid):
        raw = base64.b32decode(cid[1:].upper() + "=" * (-len(cid[1:]) % 8))
        if raw[:4] == b"\x01\x55\x12\x20":
            return raw[4:]
    raise NeuroDataError(f"{cid!r} names no document.", code="BAD_INPUT", remedy="Give a CID of version 1, of raw bytes, by SHA-256.")


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return ",".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


def _problem(status: int, body: bytes) -> NeuroDataError:
    try:
        said = json.loads(body)
    except ValueError:
        said = None
    if not isinstance(said, dict) or "code" not in said:
        return NeuroDataError(f"The node answered {status}.", code="BAD_ANSWER", remedy="Is it a node of NeuroData?", retryable=status in RETRIED)
    texts = {name: str(said[name]) for name in ("remedy", "detail") if said.get(name)}
    return NeuroDataError(str(said.get("title", "The node refused.")), code=str(said["code"]), remedy=texts.get("remedy"), details=texts.get("detail"), retryable=status in RETRIED)


def _pause_of(cause: BaseException | None) -> float | None:
    said = cause.headers.get("retry-after") if isinstance(cause, urllib.error.HTTPError) else None
    return float(said) if said and said.isdigit() else None
