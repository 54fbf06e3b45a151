"""What needs no market: python -m unittest discover -s tests -t ."""

from __future__ import annotations

import hashlib
import json
import sys
import tempfile
import threading
import unittest
from base64 import b32encode
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, cast

from neurodata import Amount, Client, Download, NeuroDataError, Progress, Verification, format_ncr, parse_ncr, words
from neurodata.api import Api
from neurodata.decode import decode
from neurodata.models import Column, NumericStatistics, TextStatistics
from neurodata.program import Program


class Case(unittest.TestCase):
    @contextmanager
    def refused(self, code: str, pattern: str = "") -> Iterator[None]:
        with self.assertRaisesRegex(NeuroDataError, pattern) as caught:
            yield
        self.assertEqual(caught.exception.code, code)


class Amounts(Case):
    def test_there_and_back(self) -> None:
        self.assertEqual([parse_ncr("25"), parse_ncr(Decimal("0.5")), parse_ncr(0)], [25 * 10**18, 5 * 10**17, 0])
        self.assertEqual([format_ncr(Amount(1)), format_ncr(parse_ncr("10.50"))], ["0.000000000000000001", "10.5"])
        self.assertEqual(parse_ncr(Decimal("1E+2")), 100 * 10**18)

    def test_what_is_none(self) -> None:
        for wrong in ("", "-1", "1e3", "1.0000000000000000001", ".5", "5.", "0x5", "NaN", "١"):
            with self.subTest(wrong), self.refused("BAD_INPUT"):
                parse_ncr(wrong)
        for number in (0.1, True):
            with self.subTest(number), self.refused("BAD_INPUT"):
                parse_ncr(cast(int, number))


class Decoding(Case):
    column = {"name": "mass", "kind": "numeric", "missing": 2, "distinct": 9, "more": "left out"}

    def test_the_kind_of_statistics_is_found(self) -> None:
        numbers = {"min": 1, "max": 9.5, "mean": 4, "quartiles": [2, 3, 4], "step": 0.5, "histogram": {"edges": [0, 5, 10], "shares": [0.5, 0.5], "width": 5, "leastRows": 10}}
        found = decode(Column, {**self.column, "statistics": numbers}).statistics
        self.assertIsInstance(found, NumericStatistics)
        self.assertEqual(decode(Column, {**self.column, "statistics": {"top": [{"value": "a", "share": 0.5}]}}).statistics.__class__, TextStatistics)
        self.assertIsNone(decode(Column, self.column).statistics)

    def test_another_form_is_told_by_its_place(self) -> None:
        for change, told in (({"missing": "2"}, "Column.missing is not int"), ({"distinct": True}, "Column.distinct is not int"), ({"kind": "other"}, "Column.kind is not 'numeric' or"), ({"statistics": {"min": 1}}, "has no max")):
            with self.subTest(change), self.refused("BAD_ANSWER", told):
                decode(Column, {**self.column, **change})
        with self.refused("BAD_ANSWER", "no list"):
            decode(Verification, {"jobId": "0x", "passed": True, "reexecuted": True, "checks": {}})
        with self.refused("BAD_ANSWER", "no dict"):
            decode(Column, [])


class Words(Case):
    def test_values_stay_values(self) -> None:
        self.assertEqual(words.option("where", "--raw"), ["--where=--raw"])
        self.assertEqual([words.option("raw", True), words.option("raw", False), words.option("raw", None)], [["--raw"], [], []])
        self.assertEqual(words.names(["bill length", 'a"b', "x,y"]), '"bill length","a""b","x,y"')
        self.assertEqual(words.parameters({"C": 0.1, "fit": True, "layers": [8, 4]}), ["--set=C=0.1", "--set=fit=true", "--set=layers=8,4"])
        self.assertEqual(words.search({"C": [0.1, 1], "layers": [[8], [8, 4]]}), ["--try=C=0.1,1", "--try=layers=8;8,4"])

    def test_what_is_refused(self) -> None:
        with self.refused("BAD_INPUT"):
            words.names("species")
        with self.refused("BAD_INPUT"):
            words.parameters({"module": "@/etc/passwd"})
        with self.refused("BAD_INPUT"):
            words.parameters({"C=1 --yes": 1})


class Node(BaseHTTPRequestHandler):
    """Answers what the test has laid ready, in order, by path."""

    answers: dict[str, list[tuple[int, bytes]]] = {}
    asked: list[str] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        left = self.answers[self.path.split("?")[0]]
        status, body = left.pop(0) if len(left) > 1 else left[0]
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        self.send_header("retry-after", "0")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


class Http(Case):
    def setUp(self) -> None:
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Node)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.api = Api(f"http://127.0.0.1:{self.server.server_port}/", timeout=5)
        Node.asked = []

    def tearDown(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def test_refusals_are_errors_with_code_and_remedy(self) -> None:
        Node.answers = {"/no": [(404, json.dumps({"title": "There is no asset 9.", "status": 404, "code": "NOT_FOUND", "remedy": "Look it up."}).encode())]}
        with self.assertRaises(NeuroDataError) as caught:
            self.api.get("/no")
        self.assertEqual([caught.exception.code, caught.exception.remedy, str(caught.exception), len(Node.asked)], ["NOT_FOUND", "Look it up.", "There is no asset 9. Look it up. (NOT_FOUND)", 1])

    def test_what_passes_is_asked_again(self) -> None:
        busy = (503, b'{"title": "Not yet.", "code": "NOT_READY"}')
        Node.answers = {"/later": [busy, busy, (200, b'{"a": 1}')], "/never": [busy], "/other": [(200, b"<html>")], "/broken": [(500, b"<html>")]}
        self.assertEqual(self.api.get("/later", {"q": "a b&c", "none": None, "yes": True, "some": ["x", "y"]}), {"a": 1})
        self.assertEqual([len(Node.asked), Node.asked[0]], [3, "/later?q=a+b%26c&yes=true&some=x%2Cy"])
        with self.refused("NOT_READY"):
            self.api.get("/never")
        for path in ("/other", "/broken"):
            with self.refused("BAD_ANSWER", "node of NeuroData"):
                self.api.get(path)

    def test_a_block_is_what_its_name_says(self) -> None:
        body = b'{"metrics": 1}'
        cid = "b" + b32encode(b"\x01\x55\x12\x20" + hashlib.sha256(body).digest()).decode().lower().rstrip("=")
        Node.answers = {f"/ipfs/{cid}": [(200, body), (200, b'{"metrics": 2}')]}
        self.assertEqual(self.api.block(cid), body)
        with self.refused("CONTENT_MISMATCH"):
            self.api.block(cid)
        for wrong in ("", "bafy", "../../api", "b" + "a" * 58):
            with self.refused("BAD_INPUT"):
                self.api.block(wrong)

    def test_no_node(self) -> None:
        with self.refused("UNREACHABLE"):
            Api("http://127.0.0.1:1", tries=2).get("/")
        for wrong in ("localhost:4000", "file:///etc/passwd", "http://", "ftp://x"):
            with self.refused("BAD_INPUT"):
                Api(wrong)


class OtherPrograms(Case):
    """What is said where the command is another program than expected, or goes wrong."""

    def program(self, script: str, **environment: str) -> Program:
        return Program([sys.executable, "-c", script], environment=environment, first=["--as=env"])

    def test_words_and_secrets(self) -> None:
        script = "import json, os, sys; print(json.dumps([sys.argv[1:], os.environ['NEURODATA_PRIVATE_KEY'], sys.stdin.read()]))"
        secret = "0x" + "5e" * 32
        answer = self.program(script, NEURODATA_PRIVATE_KEY=secret).run(["datasets", "list", "; echo $(id) `id` 'x'\n\"y\""])
        self.assertEqual(answer.value, [["--json", "--as=env", "datasets", "list", "; echo $(id) `id` 'x'\n\"y\""], secret, ""])
        client = Client("http://127.0.0.1:1", private_key=secret, program=[sys.executable, "-c", "raise SystemExit(7)"])
        with self.assertRaises(NeuroDataError) as caught:
            client.address()
        self.assertNotIn("5e5e", str(caught.exception) + repr(client))

    def test_progress_and_answers(self) -> None:
        script = """
import json, sys
for done in range(3): print(json.dumps({'progress': {'stage': 'Fetching', 'done': done, 'total': 2, 'note': '', 'unit': 'bytes'}}), file=sys.stderr, flush=True)
print('{"progress": oddly', file=sys.stderr)
print('{"passed": false}')
sys.exit(1)"""
        told: list[Progress] = []
        answer = self.program(script).run([], progress=told.append)
        self.assertEqual([answer.value, answer.failed, [one.done for one in told], told[0].stage], [{"passed": False}, True, [0, 1, 2], "Fetching"])

        def stop(_: Progress) -> None:
            raise KeyboardInterrupt

        with self.assertRaises(KeyboardInterrupt):
            self.program(script + "\nimport time; time.sleep(60)").run([], progress=stop)

    def test_what_goes_wrong(self) -> None:
        refusal = """print('{"error": {"code": "NO_FUNDS", "message": "Too little.", "remedy": "Earn.", "details": "1 < 2"}}'); raise SystemExit(1)"""
        with self.refused("NO_FUNDS", "Too little. Earn. .NO_FUNDS.\n1 < 2"):
            self.program(refusal).run([])
        with self.refused("PROGRAM_FAILED", "ended .3. without an answer(?s:.*)it broke"):
            self.program("import sys; print('it broke', file=sys.stderr); sys.exit(3)").run([])
        with self.refused("BAD_INPUT", "unknown option"):
            self.program("import sys; print('error: unknown option', file=sys.stderr); sys.exit(2)").run([])
        with self.refused("TIMEOUT"):
            self.program("import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)").run([], timeout=0.5)
        with self.refused("NO_PROGRAM"):
            Program("/nowhere/neurodata", environment={}).run([])
        with self.refused("NO_PROGRAM", "batch file"):
            Program("C:\\npm\\neurodata.CMD", environment={}).run([])


class Given(Case):
    def test_what_is_wrong_is_said_before_anything_is_run(self) -> None:
        client = Client("http://127.0.0.1:1", program="/nowhere")
        with self.refused("BAD_INPUT"):
            client.buy(0, max_price="1")
        with self.refused("BAD_INPUT"):
            client.buy(1, max_price=cast(int, 0.1))
        for order in ("--asset", "0x02" + "0" * 62, "0x01"):
            with self.refused("BAD_INPUT"):
                client.download(order)
        with self.refused("BAD_INPUT"):
            Client(account="--yes")
        with self.refused("BAD_INPUT"):
            Client(account="alice", private_key="0x" + "1" * 64)

    def test_a_temporary_file_goes_with_its_object(self) -> None:
        folder = tempfile.TemporaryDirectory()
        file = Path(folder.name) / "rows"
        file.write_text("a\n1\n")
        download = Download(file, program=Program("/nowhere", environment={}), folder=folder)
        self.assertTrue(download.path.exists())
        del download, folder
        self.assertFalse(file.exists())


if __name__ == "__main__":
    unittest.main()
