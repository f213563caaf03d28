#!/usr/bin/env python3
"""Jebena against llama.cpp on this machine: the same model files, the same thread counts, in turn.

    bench/llama_cpp.py                      both models, 1 and 2 threads: prefill 512, decode 128
    bench/llama_cpp.py --models smollm2 --threads 1 --rounds 5
    bench/llama_cpp.py --start              time to first token from a cold start, and memory
    bench/llama_cpp.py --streams 16         two servers, 16 answers of 128 tokens at once: rate, time to first token
    bench/llama_cpp.py --json result.json

llama.cpp is built natively (-O3, -march=native, its default) from the source distribution of the Python package
llama-cpp-python, once, in --work (needs pip, cmake, a C++ compiler; ten minutes on two cores). Every round runs one
and then the other, so a ratio compares neighbours in time; the median ratio counts.
"""
import argparse
import contextlib
import http.client
import json
import os
import pathlib
import resource
import socket
import statistics
import subprocess
import sys
import tarfile
import threading
import time

PACKAGE = "llama-cpp-python==0.3.36"
ROOT = pathlib.Path(__file__).resolve().parent.parent
QUESTIONS = [
    "Why is the sky blue?", "How do bees find their way home?", "What is a prime number?", "Who wrote the Odyssey?",
    "How does a steam engine work?", "Why do leaves turn red?", "What is the capital of Ethiopia known for?",
    "How is coffee roasted?", "What makes bread rise?", "Why is the sea salty?", "How do magnets work?",
    "What is a black hole?", "How do vaccines work?", "Why do cats purr?", "What is a compiler?", "How old is the sun?",
]
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
    names = ["llama-bench", "llama-completion", "llama-server"]
    if not all((programs / name).exists() for name in names):
        print("building llama.cpp (minutes)", file=sys.stderr)
        options = ["-DCMAKE_BUILD_TYPE=Release", "-DLLAMA_CURL=OFF", "-DLLAMA_OPENSSL=OFF", "-DLLAMA_BUILD_UI=OFF"]
        run(["cmake", "-S", source, "-B", source / "build", *options])
        run(["cmake", "--build", source / "build", "-j", os.cpu_count(), "-t", *names])
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


def stream(port, body):
    """Seconds until the first piece of text, and tokens. Both servers speak llama.cpp's protocol."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    began = time.monotonic()
    connection.request("POST", "/completion", json.dumps(body), {"Content-Type": "application/json"})
    response = connection.getresponse()
    if response.status != 200:
        sys.exit(f"status {response.status}: {response.read()[:500]}")
    first, tokens = None, 0
    for line in response:
        if not line.startswith(b"data: {"):
            continue
        event = json.loads(line[6:])
        if event.get("content") and first is None:
            first = time.monotonic() - began
        if event.get("stop"):
            tokens = event["tokens_predicted"]
    connection.close()
    return first, tokens


def burst(port, model, streams, generate, number):
    """All streams at once: tokens per second in total, and the times to first tokens."""
    results = [None] * streams

    def one(i):
        prompt = f"Question {number}.{i}: {QUESTIONS[i % len(QUESTIONS)]} Please explain it in detail.\nAnswer:"
        results[i] = stream(port, {"model": model, "prompt": prompt, "n_predict": generate, "temperature": 0,
                                   "ignore_eos": True, "stream": True, "cache_prompt": False})

    threads = [threading.Thread(target=one, args=(i,)) for i in range(streams)]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.monotonic() - began
    if None in results or any(tokens != generate for _, tokens in results):
        sys.exit(f"streams ended early: {results}")
    return streams * generate / seconds, sorted(first for first, _ in results)


@contextlib.contextmanager
def server(command, port):
    with subprocess.Popen([str(c) for c in command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            for _ in range(600):
                with contextlib.suppress(OSError):
                    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
                    connection.request("GET", "/health")
                    if connection.getresponse().status == 200:
                        break
                if process.poll() is not None:
                    sys.exit(f"{command[0]} ended with {process.returncode}")
                time.sleep(0.1)
            yield
        finally:
            process.terminate()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def percentile(values, share):
    return values[min(len(values) - 1, int(share * len(values)))]


def load(programs, options):
    """Both servers run all the time, one of them idle; bursts alternate after one to warm up."""
    results = []
    count = options.streams
    for name in options.models:
        path = model_file(name)
        for threads in options.threads:
            ports = {"jebena": free_port(), "llama.cpp": free_port()}
            ours = [ROOT / "jebena", "serve", "--port", ports["jebena"], "--threads", threads, "--parallel", count,
                    "--draft-tokens", options.draft_tokens]
            peer = [programs / "llama-server", "-m", path, "-np", count, "-c", 1024 * count, "-t", threads,
                    "--port", ports["llama.cpp"]]
            samples = {"jebena": [], "llama.cpp": []}
            with server(ours, ports["jebena"]), server(peer, ports["llama.cpp"]):
                for round in range(options.rounds + 1):
                    for who, port in ports.items():
                        sample = burst(port, name, count, options.generate, f"{round}")
                        if round >= 1:
                            samples[who].append(sample)
            row = {"model": name, "threads": threads, "streams": count, "load": os.getloadavg()[0]}
            for who, bursts in samples.items():
                row[who] = {"tokens_per_second": statistics.median(rate for rate, _ in bursts),
                            "first_p50": statistics.median(percentile(first, 0.5) for _, first in bursts),
                            "first_p95": statistics.median(percentile(first, 0.95) for _, first in bursts)}
                print(f"{name:12} {threads} threads  {count} streams  {who:10} {row[who]['tokens_per_second']:8.1f} tok/s   "
                      f"first token p50 {row[who]['first_p50']:.2f} s, p95 {row[who]['first_p95']:.2f} s", flush=True)
            pairs = list(zip(samples["jebena"], samples["llama.cpp"]))
            row["ratio"] = statistics.median(a[0] / b[0] for a, b in pairs)
            row["ratio_p95"] = statistics.median(percentile(a[1], 0.95) / percentile(b[1], 0.95) for a, b in pairs)
            print(f"{name:12} {threads} threads  {count} streams  ratio {row['ratio']:.2f}, of first token p95 "
                  f"{row['ratio_p95']:.2f}, load {row['load']:.1f}", flush=True)
            results.append(row)
    return results


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", nargs="+", default=["smollm2", "gemma3:270m"])
    parser.add_argument("--threads", nargs="+", type=int, default=[1, 2])
    parser.add_argument("--prompt", type=int, default=512)
    parser.add_argument("--generate", type=int, default=128)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--start", action="store_true", help="time to first token and memory instead of rates")
    parser.add_argument("--streams", type=int, default=0, help="answers at once from a server instead of rates")
    parser.add_argument("--draft-tokens", type=int, default=8, help="guesses that Jebena's server may check at once")
    parser.add_argument("--work", type=pathlib.Path,
                        default=pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")) / "jebena-bench")
    parser.add_argument("--json", type=pathlib.Path)
    options = parser.parse_args()
    programs = build_peer(options.work)
    measure = load if options.streams else start if options.start else rates
    results = measure(programs, options)
    if options.json:
        options.json.write_text(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
