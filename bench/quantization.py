#!/usr/bin/env python3
"""Perplexity of what Jebena's quantizer writes against what llama.cpp's writes, and of both programs on one file.

    bench/quantization.py TEXT                                   SmolLM2, its weights expanded to F16, to every type
    bench/quantization.py TEXT --models smollm2,gemma3:270m      or of other models: GGUF files, names of the catalog
    bench/quantization.py TEXT --types Q4_K_M,IQ4_XS+imatrix     some types; `+imatrix` gives both quantizers the
                                                                 importance matrix of the text's second half
    bench/quantization.py TEXT --wide                            of models whose rows are widened by zeros to
                                                                 multiples of 256, as K-quants want them
    bench/quantization.py TEXT --evaluate Q8_0,Q4_K_M            `jebena perplexity` against `llama-perplexity`

The first half of the text is scored, with `jebena perplexity` for both sides. The ratio is Jebena's perplexity to
llama.cpp's; below 1 is better.
"""
import argparse
import json
import pathlib
import re
import tempfile

import llama_cpp
import widened
from llama_cpp import ROOT, run

TYPES = ("Q8_0,Q6_K,Q5_K_M,Q5_1,Q5_0,Q4_K_M,Q4_K_S,Q4_1,Q4_0,IQ4_NL,IQ4_XS,IQ4_XS+imatrix,Q3_K_M,Q2_K,"
         "Q2_K+imatrix")


class Bench:
    def __init__(self, args, programs, folder):
        self.args, self.programs, self.folder = args, programs, folder
        words = args.text.read_text()
        middle = words.index("\n", len(words) // 2)
        self.scored, self.training = folder / "scored.txt", folder / "training.txt"
        self.scored.write_text(words[:middle])
        self.training.write_text(words[middle:])
        self.size = ["--context", args.context, "--chunks", args.chunks]

    def perplexity(self, model):
        report = json.loads(run([ROOT / "jebena", "perplexity", model, self.scored, *self.size, "--json"]))
        return report["perplexity"]

    def matrix(self, source):
        path = self.folder / f"{source.stem}.imatrix.gguf"
        if not path.exists():
            run([ROOT / "jebena", "imatrix", source, self.training, *self.size, "-o", path])
        return path

    def compare(self, source, kind):
        """Perplexities of both quantizers' files."""
        mix, _, importance = kind.partition("+")
        matrix = ["--imatrix", self.matrix(source)] if importance else []
        ours, theirs = self.folder / "jebena.gguf", self.folder / "llama.cpp.gguf"
        run([ROOT / "jebena", "quantize", source, ours, mix, *matrix])
        run([self.programs / "llama-quantize", *matrix, source, theirs, mix])
        values = self.perplexity(ours), self.perplexity(theirs)
        ours.unlink()
        theirs.unlink()
        return values

    def evaluate(self, source, kind):
        """One file's perplexities by both programs."""
        file = self.folder / "llama.cpp.gguf"
        run([self.programs / "llama-quantize", source, file, kind])
        printed = run([self.programs / "llama-perplexity", "-m", file, "-f", self.scored, "-c", self.args.context,
                       "--chunks", self.args.chunks, "--no-warmup"], with_errors=True)
        values = self.perplexity(file), float(re.search(r"PPL = ([\d.]+)", printed).group(1))
        file.unlink()
        return values


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("text", type=pathlib.Path)
    parser.add_argument("--models", default="smollm2")
    parser.add_argument("--types", default=TYPES)
    parser.add_argument("--evaluate", default="")
    parser.add_argument("--wide", action="store_true")
    parser.add_argument("--context", type=int, default=512)
    parser.add_argument("--chunks", type=int, default=6)
    parser.add_argument("--work", type=pathlib.Path, default=llama_cpp.WORK, help="llama.cpp and models")
    args = parser.parse_args()
    programs = llama_cpp.build(args.work)
    with tempfile.TemporaryDirectory(dir=args.work) as folder:
        bench = Bench(args, programs, pathlib.Path(folder))
        for model in args.models.split(","):
            source = llama_cpp.expanded(model, programs, args.work)
            if args.wide:
                wide = bench.folder / f"{source.stem}-wide.gguf"
                widened.widen(source, wide, programs)
                source = wide
            print(f"\n{model} in F16: {bench.perplexity(source):.3f}\n")
            print("| type | Jebena | llama.cpp | ratio |\n|---|---|---|---|")
            rows = [(kind, bench.compare) for kind in args.types.split(",") if kind]
            rows += [(kind, bench.evaluate) for kind in args.evaluate.split(",") if kind]
            for kind, measure in rows:
                ours, theirs = measure(source, kind)
                label = f"{kind}, computed by" if measure == bench.evaluate else kind
                print(f"| {label} | {ours:.3f} | {theirs:.3f} | {ours / theirs:.4f} |", flush=True)


if __name__ == "__main__":
    main()
