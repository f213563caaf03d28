"""Writes pickles.json: pickles (base64) and what picklescan says of them.

pip install picklescan==1.0.5; python pickles.py > ../resources/dev/jebena/governance/pickles.json
"""
import base64, collections, io, json, os, pickle, pickletools, subprocess, sys
from picklescan.scanner import scan_pickle_bytes


class Call:
    def __init__(self, function, *arguments):
        self.function, self.arguments = function, arguments

    def __reduce__(self):
        return self.function, self.arguments


samples = {}
for protocol in range(6):
    samples[f"plain-{protocol}"] = pickle.dumps({"a": [1, 2.5, None, True], "b": (b"x", {1, 2}, 10**30)}, protocol)
    samples[f"ordered-{protocol}"] = pickle.dumps(collections.OrderedDict(a=1), protocol)
    samples[f"system-{protocol}"] = pickle.dumps(Call(os.system, "true"), protocol)
    samples[f"popen-{protocol}"] = pickle.dumps([Call(subprocess.Popen, ["true"]), 1], protocol)
    samples[f"getattr-{protocol}"] = pickle.dumps(Call(getattr, "x", "upper"), protocol)
    samples[f"counter-{protocol}"] = pickle.dumps(collections.Counter("abca"), protocol)
# Names through the memo, copies and padding, as those write who hide.
samples["memo"] = b"\x80\x04\x8c\x02os\x94\x8c\x06system\x940\x30h\x00h\x01\x93\x8c\x04true\x85R."
samples["binput"] = b"\x80\x04X\x02\x00\x00\x00osq\x05X\x06\x00\x00\x00systemq\x0700h\x05h\x07\x93."
samples["instance"] = b"(S'true'\nios\nsystem\n."
samples["object"] = b"(cos\nsystem\nS'true'\no."
samples["two"] = pickle.dumps(1, 2) + pickle.dumps(Call(os.system, "true"), 2)
samples["truncated"] = pickle.dumps([Call(os.system, "true"), "x" * 100], 4)[:-60]
samples["torch"] = b"\x80\x02ccollections\nOrderedDict\n)Rctorch._utils\n_rebuild_tensor_v2\nctorch\nFloatStorage\n000."

found = {}
for name, data in samples.items():
    result = scan_pickle_bytes(io.BytesIO(data), name)
    found[name] = {
        "pickle": base64.b64encode(data).decode(),
        "imports": sorted({f"{g.module} {g.name} {g.safety.value}" for g in result.globals}),
    }
json.dump(found, sys.stdout, indent=1)
