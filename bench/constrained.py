#!/usr/bin/env python3
"""What a constraint costs: answers with and without one, in alternation, on one running server.

    bench/constrained.py smollm2                    5 rounds of 200 tokens
    bench/constrained.py smollm2 --rounds 9 --tokens 400

Each kind answers the same number of tokens: `ignore_eos` lets no answer end early, and the constraints have room enough.
Times are those of the tokens alone, as the server tells them; the ratio of a round compares neighbours in time, and the
median of the rounds is printed with the first round beside it, in which masks are computed for the first time.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import time
import urllib.request

PROMPT = "Tell a long story about a coffee pot that travels around the world."
WORDS = {"type": "string", "minLength": 4000, "maxLength": 20000}
KINDS = {
    "free": {},
    "schema, long string": {"json_schema": {"type": "object", "properties": {"story": WORDS}, "required": ["story"]}},
    "schema, many fields": {
        "json_schema": {
            "type": "array",
            "minItems": 400,
            "items": {
                "type": "object",
                "properties": {
                    "name": {"type": "string", "maxLength": 40},
                    "kind": {"enum": ["pot", "cup", "bean"]},
                    "count": {"type": "integer", "minimum": 0, "maximum": 999},
                },
                "required": ["name", "kind", "count"],
            },
        }
    },
    "grammar": {"grammar": 'root ::= line{400,}\nline ::= "- " [a-zA-Z ,.\']{1,60} "\\n"'},
}


def ask(base, model, kind, tokens):
    body = {"model": model, "prompt": PROMPT, "n_predict": tokens, "temperature": 0, "ignore_eos": True, "cache_prompt": True}
    request = urllib.request.Request(
        base + "/completion",
        json.dumps({**body, **KINDS[kind]}).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=600) as response:
        timings = json.load(response)["timings"]
    return timings["predicted_ms"] / max(1, timings["predicted_n"])


def wait(base):
    for _ in range(600):
        try:
            urllib.request.urlopen(base + "/health", timeout=5)
            return
        except OSError:
            time.sleep(0.1)
    sys.exit("the server does not answer")


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("model")
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--tokens", type=int, default=200)
    options.add_argument("--port", type=int, default=18431)
    args = options.parse_args()
    jebena = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "jebena")
    server = subprocess.Popen(
        [jebena, "serve", "--port", str(args.port)], stdout=subprocess.DEVNULL
    )
    base = f"http://127.0.0.1:{args.port}"
    try:
        wait(base)
        ask(base, args.model, "free", args.tokens)
        rounds = [{kind: ask(base, args.model, kind, args.tokens) for kind in KINDS} for _ in range(args.rounds)]
    finally:
        server.terminate()
        server.wait()
    for kind in KINDS:
        ratios = [one[kind] / one["free"] for one in rounds]
        milliseconds = statistics.median(one[kind] for one in rounds)
        print(
            f"{kind:22} {milliseconds:7.2f} ms/token, {statistics.median(ratios):.3f} of free (first round {ratios[0]:.3f})"
        )


if __name__ == "__main__":
    main()
