#!/usr/bin/env python3
"""The tracking server beside MLflow's own (both on SQLite), loaded by the same Java client.

    bench/tracking.py [--seconds 4] [--clients 1 4 64] [--runs 1000] [--many 100000]

Calls a second of log_metric, log_batch, get_run and create_run; milliseconds of searches over --runs runs on both servers, and over
--many runs on ours. MLflow's server writes a reply in two segments, so that a client on a kept connection waits for a delayed
acknowledgement; `immediate` is without that wait. MLflow is installed in bench/target/mlflow at first use.
"""
import argparse
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

import jvm

MAIN = "dev.jebena.bench.TrackingBench"
VERSION = "3.17.2"


def mlflow():
    folder = jvm.TARGET / "mlflow"
    program = folder / "bin" / "mlflow"
    if not program.exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([folder / "bin" / "pip", "install", "-q", f"mlflow=={VERSION}"], check=True)
    return program


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    def __init__(self, command, environment, port):
        self.url = f"http://127.0.0.1:{port}"
        self.process = subprocess.Popen(command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL, start_new_session=True)
        for _ in range(600):
            try:
                urllib.request.urlopen(self.url + "/api/2.0/mlflow/experiments/get?experiment_id=0", timeout=5).close()
                return
            except OSError:
                time.sleep(0.2)
        raise RuntimeError(f"{command[0]} did not start")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.killpg(self.process.pid, 15)
        self.process.wait()


def ours(folder):
    port = free_port()
    return Server([jvm.ROOT / "jebena", "serve", "--port", str(port)], {"JEBENA_HOME": folder}, port)


def theirs(folder):
    port = free_port()
    command = [mlflow(), "server", "--host", "127.0.0.1", "--port", str(port), "--backend-store-uri", f"sqlite:///{folder}/mlflow.db",
               "--artifacts-destination", f"{folder}/artifacts", "--serve-artifacts"]
    return Server(command, {"MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "true"}, port)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=4, help="for each figure")
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 4, 64])
    parser.add_argument("--runs", type=int, default=1000, help="searched on both servers")
    parser.add_argument("--many", type=int, default=100_000, help="searched on ours only; 0 for none")
    options = parser.parse_args()
    programs, class_path = jvm.build()

    def load(server, *arguments):
        command = [programs / "java", "-cp", class_path, MAIN, arguments[0], server.url, *map(str, arguments[1:])]
        lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
        return {name: float(value) for name, value in (line.split("\t") for line in lines)}

    with tempfile.TemporaryDirectory() as folder:
        for name in ("ours", "theirs"):
            (pathlib.Path(folder) / name).mkdir()
        with ours(f"{folder}/ours") as we, theirs(f"{folder}/theirs") as they:
            print("| calls a second | clients | Jebena | MLflow, plain | MLflow, immediate | ratios |")
            print("|---|---:|---:|---:|---:|---|")
            for clients in options.clients:
                fast = load(we, "calls", clients, options.seconds)
                plain = load(they, "calls", clients, options.seconds)
                quick = load(they, "calls", clients, options.seconds, "quick")
                for name, rate in fast.items():
                    print(f"| {name} | {clients} | {rate:,.0f} | {plain[name]:,.1f} | {quick[name]:,.1f} "
                          f"| {rate / plain[name]:,.0f}, {rate / quick[name]:,.0f} |", flush=True)
            print(f"\n| {options.runs:,} runs | Jebena, ms | MLflow, ms | ratio |\n|---|---:|---:|---:|")
            few, peer = load(we, "searches", options.runs), load(they, "searches", options.runs, 0, "quick")
            for name, milliseconds in few.items():
                print(f"| {name} | {milliseconds} | {peer[name]} | {peer[name] / max(milliseconds, 0.1):,.0f} |", flush=True)
            if options.many:
                print(f"\n| {options.many:,} runs | Jebena, ms |\n|---|---:|")
                for name, milliseconds in load(we, "searches", options.many).items():
                    print(f"| {name} | {milliseconds} |", flush=True)


if __name__ == "__main__":
    main()
