#!/usr/bin/env python3
"""What a constraint costs: answers with and without one, in alternation, on one running server that guesses no tokens.

    bench/constrained.py smollm2                    7 rounds of 200 tokens
    bench/constrained.py smollm2 --rounds 9 --tokens 400
    bench/constrained.py smollm2 --only "schema, long string"

Each kind answers the same number of tokens: `ignore_eos` lets no answer end early, and the constraints have room enough.
Before each constrained answer and after it stands a free one; the ratio is to the mean of these two neighbours in time. The
times are those of the tokens alone, as the server tells them. A constraint passes when the median of its ratios is at most
1.05. The cold answer is the first of a constraint in this server, its masks not yet computed; its ratio is told beside.
With --cold every round's constraint is one that the server has not seen, so that all masks are computed anew.
"""
import argparse
import copy
import json
import os
import statistics
import subprocess
import sys
import time
import urllib.request

PROMPT = "Tell a long story about a coffee pot that travels around the world."
LIMIT = 1.05
FIELDS = {
    "name": {"type": "string", "maxLength": 40},
    "kind": {"enum": ["pot", "cup", "bean"]},
    "count": {"type": "integer", "minimum": 0, "maximum": 999},
}


def story(least):
    text = {"type": "string", "minLength": least, "maxLength": 20000}
    return {"type": "object", "properties": {"story": text}, "required": ["story"]}


def many(names):
    texts = {name: {"type": "string", "maxLength": 120} for name in names}
    return {"type": "array", "minItems": 400, "items": {"type": "object", "properties": texts, "required": names}}


KINDS = {
    "schema, long string": {"json_schema": story(4000)},
    "schema, string at the limit": {"json_schema": story(2000)},
    "schema, many fields": {
        "json_schema": {
            "type": "array",
            "minItems": 400,
            "items": {"type": "object", "properties": FIELDS, "required": list(FIELDS)},
        }
    },
    "schema, many texts": {"json_schema": many([f"part {i}" for i in range(12)])},
    "grammar": {"grammar": 'root ::= line{400,}\nline ::= "- " [a-zA-Z ,.\']{1,60} "\\n"'},
}


def unseen(body, number):
    """The same constraint in other words, so that nothing computed for it before is of use."""
    changed = copy.deepcopy(body)
    if "json_schema" in changed:
        changed["json_schema"]["$comment"] = f"round {number}"
    else:
        changed["grammar"] += f"\n# round {number}\n"
    return changed


def ask(base, model, constraint, tokens):
    body = {"model": model, "prompt": PROMPT, "n_predict": tokens, "temperature": 0, "ignore_eos": True, "cache_prompt": True}
    request = urllib.request.Request(
        base + "/completion", json.dumps({**body, **constraint}).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=600) as response:
        timings = json.load(response)["timings"]
    if timings["predicted_n"] < tokens // 2:
        sys.exit(f"the answer ended after {timings['predicted_n']} of {tokens} tokens")
    return timings["predicted_ms"] / timings["predicted_n"]


def wait(base):
    for _ in range(600):
        try:
            urllib.request.urlopen(base + "/health", timeout=5)
            return
        except OSError:
            time.sleep(0.1)
    sys.exit("the server does not answer")


def compare(base, args, body):
    """Times of a constraint, and ratios to the free answers around each."""
    before = ask(base, args.model, {}, args.tokens)
    times, ratios = [], []
    for number in range(args.rounds):
        times.append(ask(base, args.model, unseen(body, number) if args.cold else body, args.tokens))
        after = ask(base, args.model, {}, args.tokens)
        ratios.append(2 * times[-1] / (before + after))
        before = after
    return times, ratios


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("model")
    options.add_argument("--rounds", type=int, default=7)
    options.add_argument("--tokens", type=int, default=200)
    options.add_argument("--port", type=int, default=18431)
    options.add_argument("--only", help="one kind")
    options.add_argument("--cold", action="store_true", help="a constraint that the server has not seen in every round")
    args = options.parse_args()
    jebena = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "jebena")
    server = subprocess.Popen(
        [jebena, "serve", "--port", str(args.port), "--draft-tokens", "0"], stdout=subprocess.DEVNULL
    )
    base = f"http://127.0.0.1:{args.port}"
    failed = False
    try:
        wait(base)
        for _ in range(3):
            ask(base, args.model, {}, args.tokens)
        for kind in [args.only] if args.only else KINDS:
            times, ratios = compare(base, args, KINDS[kind])
            median, cold = statistics.median(ratios), ratios[0]
            passed = median <= LIMIT
            failed |= not passed
            print(
                f"{kind:28} {min(times):6.2f} .. {max(times):6.2f} ms/token, {median:.3f} of free"
                f" ({min(ratios):.3f} .. {max(ratios):.3f}), cold {cold:.3f}: {'passed' if passed else 'FAILED'}",
                flush=True,
            )
    finally:
        server.terminate()
        server.wait()
    sys.exit(failed)


if __name__ == "__main__":
    main()
