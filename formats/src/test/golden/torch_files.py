"""Makes torch.zip: files that PyTorch wrote, and what is in them as expected.json.

python3 torch_files.py ../resources/golden/torch.zip        (PyTorch 2.2.2, NumPy 1.26)
"""
import collections
import io
import json
import os
import pickle
import sys
import zipfile

import numpy as np
import torch

WORDS = {
    torch.float64: "F64", torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16",
    torch.float8_e4m3fn: "F8_E4M3", torch.float8_e5m2: "F8_E5M2", torch.int64: "I64", torch.int32: "I32",
    torch.int16: "I16", torch.int8: "I8", torch.uint8: "U8", torch.bool: "BOOL", torch.complex64: "C64",
    torch.complex128: "C128",
}
files, expected = {}, {}


def describe(tensor):
    dense = tensor.detach().resolve_conj().resolve_neg().clone(memory_format=torch.contiguous_format)
    content = bytes(dense.reshape(-1).view(torch.uint8).numpy()) if dense.numel() and dense.dim() else bytes(
        dense.reshape(1).view(torch.uint8).numpy()) if dense.numel() else b""
    return {"type": WORDS[tensor.dtype], "shape": list(tensor.shape), "hex": content.hex()}


def save(name, value, tensors, **options):
    for ending, zipped in (("", True), ("_legacy", False)):
        out = io.BytesIO()
        torch.save(value, out, _use_new_zipfile_serialization=zipped, **options)
        files[name + ending + ".pt"] = out.getvalue()
        expected[name + ending + ".pt"] = {key: describe(tensor) for key, tensor in tensors.items()}


torch.manual_seed(1)
every = collections.OrderedDict()
for dtype, word in WORDS.items():
    every[word] = (torch.randn(2, 3) * 20).abs().to(dtype)
save("types", every, every)

base = torch.arange(60, dtype=torch.float32)
views = {
    "whole": base, "row": base[10:20], "matrix": base.view(6, 10), "transposed": base.view(6, 10).t(),
    "steps": base[3::7], "cube": base.view(3, 4, 5).permute(2, 0, 1), "expanded": base[:3].view(3, 1).expand(3, 4),
    "scalar": base[7], "empty": base[:0], "empty2": torch.zeros(0, 3), "lone": torch.tensor(2.5, dtype=torch.float64),
    "ones": base.view(1, 60, 1).transpose(0, 2), "half": base.to(torch.float16).view(6, 10)[:, 1:4],
}
save("views", views, views)

torch.manual_seed(2)
model = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.BatchNorm1d(4), torch.nn.Linear(4, 2))
optimizer = torch.optim.AdamW(model.parameters(), 1e-3)
model(torch.randn(5, 3)).sum().backward()
optimizer.step()
save("state_dict", model.state_dict(), model.state_dict())
checkpoint = {
    "model": model.state_dict(), "optimizer": optimizer.state_dict(), "epoch": 3, "loss": 0.25, "name": "κόσμε", "none": None,
    "flags": [True, False, (1, 2.5, "x")], "big": 2**70, "negative": -5, "size": torch.Size([1, 2]), "dtype": torch.bfloat16,
    "device": torch.device("cpu"), "default": collections.defaultdict(list, {"a": [1]}), "set": {7}, "bytes": b"\x00\xff",
    "parameters": list(model.parameters())[:2], "nested": {"deep": [{"t": torch.ones(2)}, 5]},
}
tensors = {"model." + key: value for key, value in model.state_dict().items()}
for index, state in optimizer.state_dict()["state"].items():
    tensors.update({f"optimizer.state.{index}.{key}": value for key, value in state.items()})
tensors.update({f"parameters.{i}": p for i, p in enumerate(checkpoint["parameters"])})
tensors["nested.deep.0.t"] = torch.ones(2)
save("checkpoint", checkpoint, tensors)
for protocol in (3, 4, 5):
    save(f"checkpoint_{protocol}", checkpoint, tensors, pickle_protocol=protocol)
save("tensor", torch.eye(2), {"tensor": torch.eye(2)})
attributed = torch.nn.Parameter(torch.ones(3))
attributed.note = "hello"
save("attributed", {"w": attributed}, {"w": attributed})


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = torch.nn.Linear(2, 3)
        self.scale = 2.0
        self.sizes = [1, 2]
        self.register_buffer("steps", torch.arange(4))

    def forward(self, x):
        return self.fc(x) * self.scale + torch.tensor([1.0, 2.0, 3.0])


net = Net()
out = io.BytesIO()
torch.jit.save(torch.jit.trace(net, torch.randn(1, 2)), out)
files["script.pt"] = out.getvalue()
expected["script.pt"] = {key: describe(value) for key, value in net.state_dict().items()}
expected["script.pt"]["constants.0"] = describe(torch.tensor(2.0, dtype=torch.float64))
expected["script.pt"]["constants.1"] = describe(torch.tensor([1.0, 2.0, 3.0]))


class Evil:
    def __reduce__(self):
        return os.system, ("echo never",)


class Other:
    pass


refused = {
    "evil": {"w": torch.ones(1), "x": Evil()}, "object": Other(), "numpy": {"a": np.ones(2)},
    "quantized": {"q": torch.quantize_per_tensor(torch.ones(2), 0.1, 0, torch.qint8)},
    "sparse": {"s": torch.eye(2).to_sparse()}, "conjugated": {"c": torch.ones(2, dtype=torch.complex64).conj()},
    "module": model,
}
for name, value in refused.items():
    for ending, zipped in (("", True), ("_legacy", False)):
        out = io.BytesIO()
        torch.save(value, out, _use_new_zipfile_serialization=zipped)
        files[f"refused_{name}{ending}.pt"] = out.getvalue()
files["refused_pickle.pt"] = pickle.dumps({"a": 1})

shared = [1, 2]
values = [None, True, False, 0, 1, -1, 255, 256, 65535, 65536, 2**31 - 1, -2**31, 2**31, 2**63 - 1, -2**63, 2**100, -2**100, 0.5,
          -1e300, float("inf"), "", "a'b\"c\\n\n\t", "é€😀", b"", b"a\xff", (), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4), [], {},
          {"a": 1, 2: "b", True: None}, shared, shared, "x" * 300, list(range(1100)), collections.OrderedDict(a=1), {"s"}]
for protocol in range(6):
    files[f"values_{protocol}.pkl"] = pickle.dumps(values, protocol)

with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as archive:
    for name, content in sorted(files.items()):
        archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    archive.writestr(zipfile.ZipInfo("expected.json"), json.dumps(expected), zipfile.ZIP_DEFLATED)
