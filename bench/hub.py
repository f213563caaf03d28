#!/usr/bin/env python3
"""The hub's transfers beside what the machine itself does in the same run.

    bench/hub.py [--size GIGABYTES] [--files COUNT] [--folder FOLDER]

Starts `jebena serve` with a data folder of its own and moves one large file (LFS, as git-lfs and Python's client do) and many
small ones up and down. Beside that: a copy over the loopback between two processes, and a file written and synced. An upload
cannot be faster than the slower of the two. Both transfers are also broken off in the middle and continued.
"""
import argparse
import base64
import concurrent.futures
import hashlib
import http.client
import json
import multiprocessing
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import threading
import time
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parent.parent
TOKEN = "hf_bench"
PIECE = 1 << 20
BATCH = 1000


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def timed(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


# What the machine does

def receive(port_pipe, size):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port_pipe.send(server.getsockname()[1])
        with server.accept()[0] as connection:
            buffer = bytearray(PIECE)
            while size > 0:
                size -= connection.recv_into(buffer)
            connection.sendall(b"!")


def loopback(file, size):
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.Process(target=receive, args=(theirs, size))
    process.start()
    with socket.create_connection(("127.0.0.1", ours.recv())) as connection, open(file, "rb") as data:
        def send():
            connection.sendfile(data)
            connection.recv(1)
        seconds = timed(send)
    process.join()
    return seconds


def disk(file, copy):
    def write():
        with open(file, "rb") as source, open(copy, "wb", buffering=0) as target:
            while piece := source.read(PIECE):
                target.write(piece)
            os.fsync(target.fileno())
    seconds = timed(write)
    copy.unlink()
    return seconds


# The server

class Server:
    def __init__(self, folder):
        self.port = free_port()
        environment = dict(os.environ, JEBENA_HOME=str(folder), JEBENA_HUB_TOKEN=TOKEN)
        self.process = subprocess.Popen(
            [ROOT / "jebena", "serve", "--port", str(self.port)],
            env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        self.peak = 0
        self.running = True
        while True:
            try:
                self.call("GET", "/api/whoami-v2")
                break
            except OSError:
                time.sleep(0.2)
        threading.Thread(target=self.watch, daemon=True).start()

    def connect(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=600)

    def call(self, method, path, body=None, kind="application/json", connection=None, headers=None):
        own = connection or self.connect()
        data = json.dumps(body).encode() if isinstance(body, (dict, list)) else body
        own.request(method, path, data, {"Authorization": "Bearer " + TOKEN, "Content-Type": kind, **(headers or {})})
        reply = own.getresponse()
        content = reply.read()
        if reply.status >= 300:
            raise RuntimeError(f"{method} {path}: {reply.status} {content[:300]}")
        if connection is None:
            own.close()
        return content

    def resident(self):
        """Bytes of memory that the processes of the server hold, without the page cache of files."""
        total = 0
        for status in pathlib.Path("/proc").glob("[0-9]*/status"):
            try:
                text = status.read_text()
                if os.getsid(int(status.parent.name)) == self.process.pid:
                    total += int(text.split("RssAnon:")[1].split()[0]) * 1024
            except (OSError, IndexError):
                pass
        return total

    def watch(self):
        while self.running:
            self.peak = max(self.peak, self.resident())
            time.sleep(0.1)

    def close(self):
        self.running = False
        os.killpg(self.process.pid, 15)
        self.process.wait()


def batch(server, operation, oid, size):
    reply = json.loads(server.call("POST", "/jebena/large.git/info/lfs/objects/batch", {
        "operation": operation, "transfers": ["basic"], "objects": [{"oid": oid, "size": size}]}))
    return urllib.parse.urlsplit(reply["objects"][0]["actions"][operation]["href"])


def commit(server, repo, operations):
    lines = [{"key": "header", "value": {"summary": "bench"}}, *operations]
    server.call("POST", f"/api/models/jebena/{repo}/commit/main",
                b"".join(json.dumps(line).encode() + b"\n" for line in lines), "application/x-ndjson")


def large(server, file, size, oid):
    server.call("POST", "/api/repos/create", {"name": "large"})
    address = batch(server, "upload", oid, size)
    path = address.path + "?" + address.query
    # Broken off once in the middle: nothing of it may stay.
    broken = server.connect()
    broken.putrequest("PUT", path)
    broken.putheader("Content-Length", str(size))
    broken.endheaders(b"x" * PIECE)
    broken.close()

    def upload():
        with open(file, "rb") as data:
            connection = server.connect()
            connection.putrequest("PUT", path)
            connection.putheader("Content-Length", str(size))
            connection.endheaders()
            connection.sock.sendfile(data)
            reply = connection.getresponse()
            if reply.status != 200:
                raise RuntimeError(f"upload: {reply.status} {reply.read()[:300]}")
            connection.close()
    up = timed(upload)
    commit(server, "large", [{"key": "lfsFile", "value": {"path": "w.bin", "oid": oid, "size": size}}])

    def download(start, stop, take):
        connection = server.connect()
        connection.request("GET", "/jebena/large/resolve/main/w.bin",
                           headers={"Authorization": "Bearer " + TOKEN, "Range": f"bytes={start}-"})
        reply = connection.getresponse()
        buffer = bytearray(PIECE)
        at = start
        while at < stop and (count := reply.readinto(memoryview(buffer)[:stop - at])):
            take(memoryview(buffer)[:count])
            at += count
        connection.close()
        return at
    down = timed(lambda: download(0, size, lambda piece: None))
    digest = hashlib.sha256()
    middle = download(0, size // 2 + 12345, digest.update)
    download(middle, size, digest.update)
    if digest.hexdigest() != oid:
        raise RuntimeError("a continued download has other bytes")
    return up, down


def small(server, count):
    server.call("POST", "/api/repos/create", {"name": "small"})
    contents = {f"d{i % 100:02d}/f{i:05d}.json": json.dumps({"number": i, "text": "x" * (i % 400)}).encode()
                for i in range(count)}

    def upload():
        names = list(contents)
        for start in range(0, count, BATCH):
            commit(server, "small", [
                {"key": "file", "value": {"path": name, "encoding": "base64",
                                          "content": base64.b64encode(contents[name]).decode()}}
                for name in names[start:start + BATCH]])
    up = timed(upload)

    def fetch(names):
        connection = server.connect()
        for name in names:
            if server.call("GET", "/jebena/small/resolve/main/" + name, connection=connection) != contents[name]:
                raise RuntimeError(name + " has other bytes")
        connection.close()

    def download():
        names = list(contents)
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            list(pool.map(fetch, [names[i::8] for i in range(8)]))
    return up, timed(download)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=float, default=5, help="gigabytes of the large file")
    parser.add_argument("--files", type=int, default=20_000)
    parser.add_argument("--folder", default=None, help="where there is room for three times the large file")
    options = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="jebena-bench-", dir=options.folder))
    server = None
    try:
        file = folder / "w.bin"
        size = int(options.size * 1e9)
        digest = hashlib.sha256()
        with open(file, "wb") as out:
            left = size
            while left > 0:
                piece = os.urandom(min(PIECE * 16, left))
                digest.update(piece)
                out.write(piece)
                left -= len(piece)
        server = Server(folder / "home")
        idle = server.resident()
        rate = lambda seconds: f"{size / seconds / 1e6:,.0f} MB/s"
        wire, store = loopback(file, size), disk(file, folder / "copy")
        up, down = large(server, file, size, digest.hexdigest())
        wire2, store2 = loopback(file, size), disk(file, folder / "copy")
        wire, store = min(wire, wire2), min(store, store2)
        floor = max(wire, store)
        print(f"one file of {size / 1e9:.1f} GB: loopback {rate(wire)}, disk {rate(store)}")
        print(f"  upload   {rate(up)}: {up / floor:.2f} times the slower of the two")
        print(f"  download {rate(down)}: {down / wire:.2f} times the loopback's")
        print("  broken off and continued: same bytes")
        print(f"  server's memory: {idle / 1e6:,.0f} MB idle, at most {server.peak / 1e6:,.0f} MB")
        up, down = small(server, options.files)
        print(f"{options.files:,} small files: upload {options.files / up:,.0f}/s in {up:.1f} s,"
              f" download {options.files / down:,.0f}/s in {down:.1f} s")
        print(f"  server's memory: at most {server.peak / 1e6:,.0f} MB")
    finally:
        if server:
            server.close()
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
