#!/usr/bin/env python3
"""Jebena against llama.cpp on this machine: the same model files, the same thread counts, in turn.

    bench/llama_cpp.py                      both models, 1 and 2 threads: prefill 512, decode 128
    bench/llama_cpp.py --models smollm2 --threads 1 --rounds 5
    bench/llama_cpp.py --start              time to first token from a cold start, and memory
    bench/llama_cpp.py --json result.json

llama.cpp is built natively (-O3, -march=native, its default) from the source distribution of the Python package
llama-cpp-python, once, in --work (needs pip, cmake, a C++ compiler; ten minutes on two cores). Every round runs one
and then the other, so a ratio compares neighbours in time; the median ratio counts.
"""
import argparse
import json
import os
import pathlib
import resource
import statistics
import subprocess
import sys
import tarfile
import time

PACKAGE = "llama-cpp-python==0.3.36"
ROOT = pathlib.Path(__file__).resolve().parent.parent
PROMPT = "Why is the sky blue? Answer in a few sentences, please, and mention Rayleigh scattering."


def run(command, **kwargs):
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, **kwargs)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))} failed:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
    return done.stdout


def build_peer(work):
    """The folder with llama.cpp's programs, built there if they are not."""
    work.mkdir(parents=True, exist_ok=True)
    found = sorted(work.glob("llama_cpp_python-*/vendor/llama.cpp"))
    if not found:
        print(f"fetching {PACKAGE}", file=sys.stderr)
        run(["pip", "download", "--no-deps", "--no-build-isolation", "--no-binary", ":all:", "-d", work, PACKAGE])
        with tarfile.open(next(work.glob("llama_cpp_python-*.tar.gz"))) as archive:
            archive.extractall(work, filter="data")
        found = sorted(work.glob("llama_cpp_python-*/vendor/llama.cpp"))
    source = found[-1]
    programs = source / "build" / "bin"
    if not all((programs / name).exists() for name in ("llama-bench", "llama-completion")):
        print("building llama.cpp (minutes)", file=sys.stderr)
        options = ["-DCMAKE_BUILD_TYPE=Release", "-DLLAMA_CURL=OFF", "-DLLAMA_OPENSSL=OFF", "-DLLAMA_BUILD_UI=OFF"]
        run(["cmake", "-S", source, "-B", source / "build", *options])
        run(["cmake", "--build", source / "build", "-j", os.cpu_count(), "-t", "llama-bench", "llama-completion"])
    return programs


def model_file(name):
    run([ROOT / "jebena", "pull", name, "--accept-license"])
    return json.loads(run([ROOT / "jebena", "show", name, "--json"]))["path"]


def measure_peer(programs, path, threads, prompt, generate):
    rows = json.loads(run([programs / "llama-bench", "-m", path, "-t", threads, "-p", prompt, "-n", generate,
                           "-r", 1, "-o", "json"]))
    rate = {("prefill" if row["n_prompt"] else "decode"): row["avg_ts"] for row in rows}
    return rate["prefill"], rate["decode"]


def measure_jebena(path, threads, prompt, generate):
    row = json.loads(run([ROOT / "jebena", "bench", "model", path, "--prompt", prompt, "--generate", generate,
                          "--threads", threads, "--runs", 1, "--json"]))
    return row["prefill_tokens_per_second"], row["decode_tokens_per_second"]


def rates(programs, options):
    results = []
    for name in options.models:
        path = model_file(name)
        for threads in options.threads:
            pairs = []
            for _ in range(options.rounds):
                peer = measure_peer(programs, path, threads, options.prompt, options.generate)
                ours = measure_jebena(path, threads, options.prompt, options.generate)
                pairs.append((ours, peer))
            for index, kind in enumerate(("prefill", "decode")):
                ours = statistics.median(pair[0][index] for pair in pairs)
                peer = statistics.median(pair[1][index] for pair in pairs)
                ratios = [pair[0][index] / pair[1][index] for pair in pairs]
                results.append({"model": name, "threads": threads, "kind": kind, "jebena": ours, "llama.cpp": peer,
                                "ratio": statistics.median(ratios), "ratios": ratios})
                print(f"{name:12} {threads} threads  {kind:8} jebena {ours:8.1f} tok/s   llama.cpp {peer:8.1f} tok/s   "
                      f"ratio {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})", flush=True)
    return results


def first_output(command):
    """Seconds until the first byte of standard output, seconds until the end, and peak memory in MB."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    began = time.monotonic()
    with subprocess.Popen([str(c) for c in command], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          stdin=subprocess.DEVNULL) as process:
        process.stdout.read(1)
        first = time.monotonic() - began
        process.stdout.read()
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return first, time.monotonic() - began, max(before, peak) / 1024


def start(programs, options):
    """Each kind of process in a process of its own, because peak memory is counted over all children."""
    results = []
    for name in options.models:
        path = model_file(name)
        commands = {
            "jebena": [ROOT / "jebena", "run", path, PROMPT, "--max-tokens", 32, "--temperature", 0],
            "llama.cpp": [programs / "llama-completion", "-m", path, "-p", PROMPT, "-n", 32, "--temp", 0, "-st",
                          "--no-display-prompt", "-no-cnv"],
        }
        for who, command in commands.items():
            samples = []
            for _ in range(options.rounds):
                script = (f"import sys; sys.path.insert(0, {str(ROOT / 'bench')!r}); import json, llama_cpp; "
                          f"print(json.dumps(llama_cpp.first_output({[str(c) for c in command]!r})))")
                samples.append(json.loads(run([sys.executable, "-c", script])))
            first, whole, memory = (statistics.median(column) for column in zip(*samples))
            results.append({"model": name, "who": who, "first_token_seconds": first, "seconds": whole, "peak_mb": memory})
            print(f"{name:12} {who:10} first text after {first:.2f} s, 32 tokens after {whole:.2f} s, "
                  f"peak memory {memory:.0f} MB", flush=True)
    return results


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", nargs="+", default=["smollm2", "gemma3:270m"])
    parser.add_argument("--threads", nargs="+", type=int, default=[1, 2])
    parser.add_argument("--prompt", type=int, default=512)
    parser.add_argument("--generate", type=int, default=128)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--start", action="store_true", help="time to first token and memory instead of rates")
    parser.add_argument("--work", type=pathlib.Path,
                        default=pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")) / "jebena-bench")
    parser.add_argument("--json", type=pathlib.Path)
    options = parser.parse_args()
    programs = build_peer(options.work)
    results = start(programs, options) if options.start else rates(programs, options)
    if options.json:
        options.json.write_text(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
