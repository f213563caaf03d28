#!/usr/bin/env python3
"""Records llama-server's answers with LoRA adapters, for AdapterTest.

usage: record.py LLAMA_SERVER FOLDER GOLDEN > answers.json

FOLDER holds the golden models (NAME.gguf) and the adapters that TinyAdapter writes for them:
NAME-lora.gguf, NAME-table.gguf, all of seed 1. GOLDEN is the folder of the golden models' JSON.
"""
import json, pathlib, socket, subprocess, sys, time, urllib.request

SERVER, FOLDER, GOLDEN = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
SCALES = [1.0, 0.5]
SAFE = 300


def prompts(name):
    golden = json.loads((GOLDEN / (name + ".json")).read_text())
    return [ids for ids in golden["sequences"] if 5 <= len(ids) <= 33]


def post(port, path, body):
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}", json.dumps(body).encode(), {"Content-Type": "application/json"})
    return json.load(urllib.request.urlopen(request))


def record(name, adapter):
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    command = [SERVER, "-m", str(FOLDER / (name + ".gguf")), "--lora", str(adapter), "--port", str(port),
               "-t", "1", "-c", "256", "-np", "1", "-fa", "off", "-ctk", "f32", "-ctv", "f32", "--no-repack", "--no-warmup"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/health")
                break
            except OSError:
                time.sleep(0.1)
        steps = []
        for scale in SCALES:
            for prompt in prompts(name):
                reply = post(port, "/completion", {
                    "prompt": prompt, "n_predict": 1, "temperature": 0, "n_probs": 20, "cache_prompt": False,
                    # A token with whole characters: of others the server does not tell the probabilities.
                    "logit_bias": [[SAFE, 10000.0]],
                    "lora": [{"id": 0, "scale": scale}]})
                top = reply["completion_probabilities"][0]["top_logprobs"]
                steps.append({"prompt": prompt, "scale": scale, "ids": [t["id"] for t in top],
                              "logprobs": [round(t["logprob"], 6) for t in top]})
        return steps
    finally:
        process.terminate()
        process.wait()


answers = {}
for file in sorted(FOLDER.glob("*-F32-*.gguf")):
    name = file.stem.rsplit("-", 1)[0]
    answers[file.stem] = record(name, file)
print(json.dumps(answers))
