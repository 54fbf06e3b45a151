"""Against a running market: a search, a purchase, a download, a run and its verification. `e2e/python.test.ts` starts one and says by NEURODATA_TEST_* where it is."""

from __future__ import annotations

import csv
import importlib.util
import json
import os
import tempfile
import unittest
from pathlib import Path

from neurodata import Client, Job, NumericStatistics, Order, Progress, parse_ncr

from .test_units import Case

TARGET = "Species"


class Market(Case):
    """Alice buys and holds the rows, bob trains without them."""

    asset: int
    sold: Path
    rows: list[dict[str, str]]
    alice: Client
    bob: Client
    order: Order
    job: Job
    told: list[Progress]

    @classmethod
    def setUpClass(cls) -> None:
        place = os.environ.get("NEURODATA_TEST_ASSET")
        if not place:
            raise unittest.SkipTest("no market: NEURODATA_TEST_ASSET names no asset that is for sale (e2e/python.test.ts sets it)")
        cls.asset = int(place)
        cls.sold = Path(os.environ["NEURODATA_TEST_CSV"])
        with cls.sold.open(newline="", encoding="utf-8") as file:
            cls.rows = list(csv.DictReader(file))
        cls.alice, cls.bob = Client(account="alice"), Client(account="bob")
        cls.told = []
        cls.order = cls.alice.buy(cls.asset, max_price="25", progress=cls.told.append)
        cls.job = cls.bob.run(cls.asset, target=TARGET, max_price="20", parameters={"C": 0.5}, leaderboard=True, progress=cls.told.append)

    def test_search(self) -> None:
        page = self.alice.search("pengiuns", kind="dataset")
        self.assertIn(self.asset, [hit.asset_id for hit in page.items])
        self.assertEqual([hit.asset_id for hit in self.alice.search_all("penguins", most=1)], [page.items[0].asset_id])
        self.assertEqual(self.alice.search("nobodyhassuchathing").items, ())
        with self.refused("BAD_INPUT"):
            self.alice.search("x", limit=1_000)

    def test_asset(self) -> None:
        asset = self.alice.asset(self.asset)
        self.assertEqual([asset.rows, asset.download_price, len(asset.column_list)], [len(self.rows), parse_ncr("25"), len(self.rows[0])])
        mass = next(column for column in self.alice.statistics(self.asset) if column.name.startswith("Body"))
        assert isinstance(mass.statistics, NumericStatistics) and mass.statistics.histogram
        self.assertEqual(len(mass.statistics.histogram.edges), len(mass.statistics.histogram.shares) + 1)
        with self.refused("NOT_FOUND"):
            self.alice.asset(999_999)

    def test_order(self) -> None:
        self.assertTrue(self.order.is_granted)
        self.assertEqual([self.order.price, self.alice.orders(asset_id=self.asset, buyer=self.alice.address())[0]], [parse_ncr("25"), self.alice.order(self.order.order_id)])
        self.assertEqual(self.told[0].stage, "Waiting for key shares")
        with self.refused("CONFLICT"):
            self.alice.buy(self.asset, max_price="24.99")
        with self.refused("NOT_ENTITLED"):
            self.bob.download(self.asset)

    def test_the_file_as_it_was_sold(self) -> None:
        told: list[Progress] = []
        with tempfile.TemporaryDirectory() as folder:
            kept = self.alice.download(self.order.order_id, to=Path(folder) / "rows.csv", progress=told.append)
            self.assertEqual(kept.path.read_bytes(), self.sold.read_bytes())
            self.assertEqual([kept.asset_id, kept.version, {check.status for check in kept.checks} <= {"passed", "not-checked"}], [self.asset, 1, True])
            self.assertEqual([told[-1].done, told[-1].stage], [told[-1].total, "Fetching and unsealing"])
            records = list(kept.records())
            self.assertEqual([{name: "" if value is None else str(value) for name, value in row.items()}["Species"] for row in records], [row["Species"] for row in self.rows])
            with self.refused("CONFLICT"):
                self.alice.download(self.asset, to=kept.path)
            with self.refused("BAD_INPUT"):
                self.alice.sql(kept.path, "DROP VIEW data")
            counts = self.alice.sql(kept.path, 'SELECT Species AS species, count(*) AS n FROM data GROUP BY ALL ORDER BY n DESC')
            first = next(counts.records())
            self.assertEqual(first, {"species": "Adelie", "n": sum(row["Species"] == "Adelie" for row in self.rows)})

    @unittest.skipUnless(importlib.util.find_spec("pandas"), "pandas is not installed")
    def test_frames(self) -> None:
        frame = self.alice.download(self.asset).to_pandas()
        self.assertEqual(list(frame.columns), list(self.rows[0]))
        cells = json.loads(frame.to_json(orient="records", double_precision=15))
        for made, row in zip(cells, self.rows, strict=True):
            for name, text in row.items():
                value = made[name]
                self.assertEqual(None if text in ("", "NA") else text, None if value is None else text if isinstance(value, (int, float)) and float(text) == value else value)
        part = self.alice.download(self.asset, columns=["Species", "Body Mass (g)"], where='"Body Mass (g)" > 5000')
        heavy = part.to_pandas()
        self.assertEqual([list(heavy.columns), len(heavy), part.rows], [["Species", "Body Mass (g)"], *[sum(row["Body Mass (g)"] not in ("", "NA") and float(row["Body Mass (g)"]) > 5000 for row in self.rows)] * 2])

    @unittest.skipUnless(importlib.util.find_spec("pyarrow"), "pyarrow is not installed")
    def test_arrow(self) -> None:
        import pyarrow
        import pyarrow.ipc

        with tempfile.TemporaryDirectory() as folder:
            rows = Path(folder) / "rows.arrow"
            query = """SELECT i, i::DOUBLE / 4 AS quarter, CASE WHEN i % 5 = 0 THEN NULL ELSE 'é' || i END AS text, DATE '2020-01-01' + i::INTEGER AS day, TIMESTAMP '2020-01-01 00:00:00.000001' + to_seconds(i) AS at,
                i % 2 = 0 AS even, (i / 100)::DECIMAL(9, 2) AS price FROM range(100000) t(i)"""
            self.alice.sql(self.sold, query, to=rows)
            with pyarrow.OSFile(str(rows), "rb") as source:
                reader = pyarrow.ipc.open_file(source)
                batches, table = reader.num_record_batches, reader.read_all()
            table.validate(full=True)
            self.assertGreater(batches, 1)
            self.assertEqual({field.name: str(field.type) for field in table.schema}, {"i": "int64", "quarter": "double", "text": "string", "day": "date32[day]", "at": "timestamp[us]", "even": "bool", "price": "decimal128(9, 2)"})
            self.assertEqual([table.num_rows, table["text"].null_count, table["i"].to_pylist() == list(range(100_000))], [100_000, 20_000, True])
            last = {name: str(value) for name, value in table.slice(99_999).to_pylist()[0].items()}
            self.assertEqual(last, {"i": "99999", "quarter": "24999.75", "text": "é99999", "day": "2293-10-15", "at": "2020-01-02 03:46:39.000001", "even": "False", "price": "999.99"})
            self.assertEqual(self.alice.sql(rows, "SELECT count(*) AS n, count(text) AS texts FROM data").to_arrow().to_pylist(), [{"n": 100_000, "texts": 80_000}])

    def test_run(self) -> None:
        self.assertEqual([self.job.state, self.job.asset_id, self.job.is_over], ["settled", self.asset, True])
        receipt = self.bob.receipt(self.job.job_id)
        assert self.job.receipt
        self.assertEqual([receipt.body.job_id, receipt.body.model_digest], [self.job.job_id, self.job.receipt.model_digest])
        self.assertGreater(receipt.body.metrics.scores["accuracy"] or 0, 0.9)
        self.assertIn("settled", [one.stage for one in self.told])
        self.assertIn(self.job.job_id, [entry.job_id for entry in self.bob.leaderboard(self.asset, target=TARGET).items])
        quote = self.bob.quote(self.asset, target=TARGET)
        self.assertEqual([quote.total, len(quote.workers) > 0], [quote.price + quote.validation_fee + quote.max_worker_fee, True])
        with self.refused("BAD_INPUT", "no column"):
            self.bob.run(self.asset, target="Nothing", max_price="20")
        with self.refused("CONFLICT"):
            self.bob.run(self.asset, target=TARGET, max_price="0.5")

    def test_verify(self) -> None:
        whole = self.alice.verify(self.job.job_id)
        self.assertEqual([whole.passed, whole.reexecuted, {check.status for check in whole.checks if check.name.startswith("Re-executed")}], [True, True, {"passed"}])
        without = self.bob.verify(self.job.job_id)
        self.assertEqual([without.passed, without.reexecuted], [True, False])
        assert self.job.receipt
        forged = json.loads(self.alice._api.block(self.job.receipt.receipt_cid))
        forged["body"]["metrics"]["scores"]["accuracy"] = 0.5
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "receipt.json"
            file.write_text(json.dumps(forged))
            verdict = self.bob.verify(file)
        self.assertEqual([verdict.passed, any(check.status == "failed" for check in verdict.checks)], [False, True])
        with self.refused("NOT_FOUND"):
            self.bob.verify("0x02" + "0" * 62)


if __name__ == "__main__":
    unittest.main()
