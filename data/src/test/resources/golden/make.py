"""Makes the golden files of this folder: small data sets in every format, what Hugging Face's
`datasets` reads from them, which splits it sees, and pandas' statistics.

Usage: pip install datasets pyarrow pandas pillow warcio; python make.py
"""
import base64, datetime, decimal, io, json, os, pathlib, shutil, tarfile

import datasets, pandas, pyarrow as pa, pyarrow.ipc as ipc, pyarrow.parquet as pq
from datasets.data_files import get_data_patterns, resolve_pattern
from PIL import Image
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

here = pathlib.Path(__file__).parent
datasets.disable_progress_bars()


def plain(v):
    if isinstance(v, (bytes, bytearray)):
        return base64.b64encode(v).decode()
    if isinstance(v, dict):
        return {k: plain(x) for k, x in v.items()}
    if isinstance(v, (list, tuple)):
        return [plain(x) for x in v]
    if isinstance(v, decimal.Decimal):
        return str(v)
    if isinstance(v, (datetime.date, datetime.time, datetime.datetime)):
        return v.isoformat()
    if isinstance(v, datetime.timedelta):
        return v.total_seconds()
    if isinstance(v, float) and v != v:
        return "NaN"
    return v


def expect(name, rows):
    (here / (name + ".expected.json")).write_text(json.dumps(plain(rows), indent=0, ensure_ascii=False) + "\n")


def read(kind, file, **options):
    """Rows as `datasets` reads them, pictures not decoded."""
    d = datasets.load_dataset(kind, data_files=str(here / file), split="train", cache_dir="/tmp/golden-cache", **options)
    for name, feature in d.features.items():
        if isinstance(feature, datasets.Image):
            d = d.cast_column(name, datasets.Image(decode=False))
    return d


def table():
    utc = datetime.timezone.utc
    n = 5
    return pa.table({
        "i8": pa.array([1, -2, None, 127, -128], pa.int8()),
        "u32": pa.array([0, 1, 4294967295, None, 7], pa.uint32()),
        "u64": pa.array([0, 2**64 - 1, 5, None, 7], pa.uint64()),
        "i64": pa.array([1, 2, 3, 4, -(2**63)], pa.int64()),
        "f16": pa.array([1.5, None, -2.0, 0.0, 3.0], pa.float32()).cast(pa.float16()),
        "f32": pa.array([0.1, None, -2.5, 3.0, 1e30], pa.float32()),
        "f64": pa.array([0.1, None, -2.5, 3.0, 1e300], pa.float64()),
        "flag": pa.array([True, False, None, True, False]),
        "text": pa.array(["", "häß", None, "日本語", "a\nb"]),
        "raw": pa.array([b"", b"\x00\xff", None, b"abc", b"x"]),
        "day": pa.array([datetime.date(2020, 1, 1), datetime.date(1969, 12, 31), None, datetime.date(1, 1, 1), datetime.date(9999, 12, 31)]),
        "at": pa.array([datetime.datetime(2020, 1, 1, 12, 30, 15, 123456), datetime.datetime(1969, 12, 31, 23, 59, 59), None] + [datetime.datetime(2000, 1, 1)] * 2, pa.timestamp("us")),
        "when": pa.array([datetime.datetime(2020, 1, 1, 12, 30, 15, tzinfo=utc), None] + [datetime.datetime(2000, 1, 1, tzinfo=utc)] * 3, pa.timestamp("ms", tz="UTC")),
        "clock": pa.array([datetime.time(1, 2, 3, 4), None, datetime.time(0), datetime.time(23, 59, 59), datetime.time(12)], pa.time64("us")),
        "money": pa.array([decimal.Decimal("1.50"), decimal.Decimal("-99999999.99"), None, decimal.Decimal("0.00"), decimal.Decimal("3.14")], pa.decimal128(10, 2)),
        "list": pa.array([[1, 2], [], None, [None, 3], [4]], pa.list_(pa.int32())),
        "deep": pa.array([[["a"], []], None, [[None]], [], [["b", "c"], ["d"]]], pa.list_(pa.list_(pa.string()))),
        "struct": pa.array([{"a": 1, "b": ["x"]}, None, {"a": None, "b": None}, {"a": 4, "b": []}, {"a": 5, "b": ["y", None]}], pa.struct([("a", pa.int64()), ("b", pa.list_(pa.string()))])),
        "structs": pa.array([[{"k": "a", "v": 1.0}], [], None, [{"k": None, "v": None}], [{"k": "c", "v": 2.0}, {"k": "d", "v": 3.0}]], pa.list_(pa.struct([("k", pa.string()), ("v", pa.float64())]))),
    })


def columnar():
    t = table()
    rows = t.to_pylist()
    expect("table", rows)
    for codec in ("none", "snappy", "gzip", "zstd", "lz4"):
        pq.write_table(t, here / f"table-{codec}.parquet", compression=codec, row_group_size=2)
    pq.write_table(t, here / "table-v2.parquet", data_page_version="2.0", use_dictionary=False, compression="zstd")
    for name, options in (("plain", {}), ("lz4", {"compression": "lz4"}), ("zstd", {"compression": "zstd"})):
        with ipc.new_file(here / f"table-{name}.arrow", t.schema, options=ipc.IpcWriteOptions(**options)) as w:
            for batch in t.to_batches(max_chunksize=2):
                w.write_batch(batch)
    with ipc.new_stream(here / "table-stream.arrow", t.schema) as w:
        for batch in t.to_batches(max_chunksize=2):
            w.write_batch(batch)
    words = pa.table({
        "word": pa.array(["a", "b", None, "a"]).dictionary_encode(),
        "view": pa.array(["short", "a text of more than twelve bytes", None, ""], pa.string_view()),
        "large": pa.array(["x", None, "y", "z"], pa.large_string()),
        "pair": pa.array([[1.0, 2.0], None, [3.0, None], [4.0, 5.0]], pa.list_(pa.float32(), 2)),
        "four": pa.array([b"abcd", None, b"efgh", b"ijkl"], pa.binary(4)),
        "map": pa.array([[("a", 1)], [], None, [("b", 2), ("c", None)]], pa.map_(pa.string(), pa.int32())),
        "span": pa.array([datetime.timedelta(seconds=1), None, datetime.timedelta(days=-1), datetime.timedelta(0)], pa.duration("ms")),
        "none": pa.nulls(4),
    })
    with ipc.new_file(here / "words.arrow", words.schema) as w:
        w.write_table(words)
    with ipc.new_stream(here / "words-stream.arrow", words.schema, options=ipc.IpcWriteOptions(emit_dictionary_deltas=True)) as w:
        for batch in words.to_batches(max_chunksize=2):
            w.write_batch(batch)
    rows = words.to_pylist()
    for row in rows:
        row["map"] = None if row["map"] is None else [{"key": k, "value": v} for k, v in row["map"]]
    expect("words", rows)
    labelled = datasets.Dataset.from_dict(
        {"text": ["good", "bad"], "label": [1, 0]},
        features=datasets.Features({"text": datasets.Value("string"), "label": datasets.ClassLabel(names=["neg", "pos"])}))
    labelled.to_parquet(here / "labelled.parquet")


def texts():
    (here / "people.csv").write_text(
        'name,age,height,member,note,mixed\n'
        'Ann,31,1.70,True,"likes ""tea"", and\nmilk",1\n'
        'Bob,,1.8,False,,x\n'
        'Ćiro,7,NA,True,N/A,2.5\n', encoding="utf-8")
    expect("people.csv", read("csv", "people.csv").to_list())
    (here / "people.tsv").write_text("a\tb\n1\tx y\n2\t\n")
    expect("people.tsv", read("csv", "people.tsv", sep="\t").to_list())
    (here / "events.jsonl").write_text(
        '{"id": 1, "tags": ["a", "b"], "who": {"name": "Ann", "age": 3}, "score": 1}\n'
        '{"id": 2, "tags": [], "who": {"name": "Bob", "age": null}, "score": 2.5}\n\n'
        '{"id": 3, "tags": null, "who": null, "score": null}\n')
    expect("events.jsonl", read("json", "events.jsonl").to_list())
    (here / "list.json").write_text('[{"a": 1, "b": "x"}, {"a": 2, "b": null}]')
    expect("list.json", read("json", "list.json").to_list())
    (here / "field.json").write_text('{"version": 1, "data": [{"a": 1, "b": "x"}, {"a": 2, "b": null}]}')
    expect("field.json", read("json", "field.json", field="data").to_list())
    (here / "lines.txt").write_text("first\n\nthird\r\nlast without end", newline="")
    expect("lines.txt", read("text", "lines.txt").to_list())


def archives():
    image = io.BytesIO()
    Image.new("RGB", (2, 2), (255, 0, 0)).save(image, "PNG")
    with tarfile.open(here / "shard.tar", "w") as tar:
        for key, members in (("a/0001", {"txt": b"first", "cls": b"3", "json": b'{"w": 1.5}', "png": image.getvalue()}),
                             ("a/0002", {"txt": "zwölf".encode(), "cls": b"4", "json": b'{"w": 2.5}', "png": image.getvalue()})):
            for ending, content in members.items():
                info = tarfile.TarInfo(f"{key}.{ending}")
                info.size = len(content)
                tar.addfile(info, io.BytesIO(content))
    rows = read("webdataset", "shard.tar").to_list()
    for row in rows:
        row["__url__"] = "shard.tar"
        row["png"] = {"bytes": image.getvalue(), "path": None}
    expect("shard.tar", rows)
    for cls in ("cat", "dog"):
        (here / "animals/train" / cls).mkdir(parents=True, exist_ok=True)
        (here / "animals/train" / cls / f"{cls}.png").write_bytes(image.getvalue())
    d = datasets.load_dataset("imagefolder", data_dir=str(here / "animals"), split="train", cache_dir="/tmp/golden-cache")
    expect("animals", {"names": d.features["label"].names, "labels": d["label"][:]})
    with open(here / "pages.warc.gz", "wb") as out:
        writer = WARCWriter(out, gzip=True)
        headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        for i in range(3):
            writer.write_record(writer.create_warc_record(
                f"http://example.org/{i}", "response", payload=io.BytesIO(f"<p>{i}</p>".encode()), http_headers=headers,
                warc_headers_dict={"WARC-Date": "2020-01-01T00:00:00Z"}))


def splits():
    cases = [
        ["train.csv", "test.csv"], ["data/train.csv", "data/valid.csv", "data/eval.csv"],
        ["data/train-00000-of-00002.parquet", "data/train-00001-of-00002.parquet", "data/odd_name-00000-of-00001.parquet"],
        ["train/a.txt", "train/b.txt", "dev/c.txt"], ["my_train_file.csv", "my_test_file.csv"], ["a.csv", "b.csv"],
        ["training-set/x.json", "testing_set/y.json"], ["latest.csv", "contest.csv"], ["sub/deep/train_0.csv", "sub/deep/test-1.csv"],
        [".hidden/train.csv", "x.csv"], ["__pycache__/a.csv", "x.csv"], ["README.md", "a.csv", "dataset_infos.json"],
        ["train.csv", "train/other.csv"], ["val.csv", "validation.csv"], ["data/valid-part.csv", "evaluation.csv"],
    ]
    found = []
    for names in cases:
        folder = pathlib.Path("/tmp/golden-splits")
        shutil.rmtree(folder, ignore_errors=True)
        for name in names:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text("x")
        patterns = get_data_patterns(str(folder))
        found.append({"files": names, "splits": {
            str(split): sorted({os.path.relpath(p, folder) for pattern in of for p in safe(pattern, folder)})
            for split, of in patterns.items()}})
    (here / "splits.expected.json").write_text(json.dumps(found, indent=1) + "\n")


def safe(pattern, folder):
    try:
        return resolve_pattern(pattern, str(folder))
    except FileNotFoundError:
        return []


def statistics():
    d = pandas.DataFrame({"n": [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5], "x": [0.5, None, 2.5, -1.0, 1e6, 0, 0, 1, 2, 3, 4]})
    d.to_csv(here / "numbers.csv", index=False)
    quantiles = [0.05, 0.25, 0.5, 0.75, 0.95]
    sizes = {}
    for n in (10, 11, 97, 1000):
        for fraction in (0.1, 0.25, 0.333):
            parts = datasets.Dataset.from_dict({"a": list(range(n))}).train_test_split(test_size=fraction)
            sizes[f"{n} {fraction}"] = [len(parts["train"]), len(parts["test"])]
    (here / "numbers.expected.json").write_text(json.dumps({
        "columns": {c: {"count": int(d[c].count()), "min": float(d[c].min()), "max": float(d[c].max()), "mean": float(d[c].mean()),
                        "std": float(d[c].std()), "quantiles": [float(d[c].quantile(q)) for q in quantiles]} for c in d},
        "split": sizes}, indent=1) + "\n")


columnar()
texts()
archives()
splits()
statistics()
