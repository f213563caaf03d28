"""Makes numpy.zip: files that NumPy wrote, and what is in them as expected.json.

python3 numpy_files.py ../resources/golden/numpy.zip        (NumPy 2.4)
"""
import io
import json
import sys
import zipfile

import numpy as np

WORDS = {
    "float16": "F16", "float32": "F32", "float64": "F64", "int8": "I8", "int16": "I16", "int32": "I32",
    "int64": "I64", "uint8": "U8", "uint16": "U16", "uint32": "U32", "uint64": "U64", "bool": "BOOL",
    "complex64": "C64", "complex128": "C128",
}
files, expected = {}, {}


def describe(array):
    little = np.ascontiguousarray(array.astype(array.dtype.newbyteorder("<")))
    return {"type": WORDS[array.dtype.name], "shape": list(array.shape), "hex": little.tobytes().hex()}


def save(name, array, version=None):
    out = io.BytesIO()
    np.lib.format.write_array(out, array, version=version)
    files[name + ".npy"] = out.getvalue()
    expected[name + ".npy"] = {name: describe(array)}


random = np.random.default_rng(1)
for dtype in WORDS:
    array = (random.standard_normal((3, 4)) * 50).astype(np.float64)
    array = array > 0 if dtype == "bool" else np.abs(array).astype(dtype) if dtype[0] == "u" else array.astype(dtype)
    save(dtype, array)
    save(dtype + "_big", array.astype(array.dtype.newbyteorder(">")))
    save(dtype + "_fortran", np.asfortranarray(array))
save("scalar", np.array(2.5, dtype=np.float32))
save("vector", np.arange(5))
save("empty", np.zeros((0, 3), dtype=np.float32))
save("cube_fortran", np.asfortranarray(np.arange(24, dtype=np.int16).reshape(2, 3, 4)))
save("cube_fortran_big", np.asfortranarray(np.arange(24, dtype=">i4").reshape(4, 3, 2)))
save("version2", np.arange(6.0).reshape(2, 3), (2, 0))
save("version3", np.arange(6.0).reshape(2, 3), (3, 0))

arrays = {"weight": random.standard_normal((4, 5)).astype(np.float32), "bias": np.zeros(5), "mask": np.array([True, False]),
          "layer.0/κ": np.arange(3, dtype=np.uint16), "none": np.zeros((0,), dtype=np.int32)}
for name, saver in (("stored", np.savez), ("deflated", np.savez_compressed)):
    out = io.BytesIO()
    saver(out, **arrays)
    files[name + ".npz"] = out.getvalue()
    expected[name + ".npz"] = {key: describe(value) for key, value in arrays.items()}
out = io.BytesIO()
np.savez(out)
files["nothing.npz"] = out.getvalue()
expected["nothing.npz"] = {}

refused = {
    "objects": np.array([{"a": 1}, None], dtype=object), "text": np.array(["a", "bc"]), "bytes": np.array([b"a"]),
    "dates": np.array(["2020-01-01"], dtype="datetime64[D]"), "structured": np.zeros(2, dtype=[("a", "f4"), ("b", "i2")]),
    "void": np.zeros(2, dtype="V2"), "longdouble": np.zeros(2, dtype=np.longdouble),
}
for name, array in refused.items():
    out = io.BytesIO()
    np.save(out, array, allow_pickle=True)
    files["refused_" + name + ".npy"] = out.getvalue()
out = io.BytesIO()
np.savez(out, good=np.arange(2), **refused)
files["mixed.npz"] = out.getvalue()

with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as archive:
    for name, content in sorted(files.items()):
        archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    archive.writestr(zipfile.ZipInfo("expected.json"), json.dumps(expected), zipfile.ZIP_DEFLATED)
