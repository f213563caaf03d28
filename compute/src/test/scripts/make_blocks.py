"""Makes the golden blocks of the types that the shared golden files lack, and of the encoders.

    python compute/src/test/scripts/make_blocks.py PATH_OF_libggml-base.so \
        compute/src/test/resources/dev/jebena/compute

Needs numpy and the shared library of ggml (llama.cpp; made with its build of 2026 that has NVFP4 and
Q2_0). TYPE.blocks holds three blocks of random bytes followed by their float32 values as ggml decodes
them; TYPE.encoded holds 256 float32 values followed by ggml's encoding of them.
"""

import ctypes
import pathlib
import sys

import numpy as np

ggml = ctypes.CDLL(sys.argv[1])
folder = pathlib.Path(sys.argv[2])
random = np.random.default_rng(7)

# name: elements and bytes of a block, byte offsets of its float16 scales
TYPES = {
    "Q5_1": (32, 24, [0, 2]),
    "IQ1_M": (256, 56, []),
    "IQ2_S": (256, 82, [0]),
    "IQ3_XXS": (256, 98, [0]),
    "TQ2_0": (256, 66, [64]),
    "NVFP4": (64, 36, []),
    "Q2_0": (64, 18, [0]),
}
for name, (elements, size, scales) in TYPES.items():
    blocks = random.integers(0, 256, (3, size), dtype=np.uint8)
    for at in scales:
        blocks[:, at : at + 2] = random.normal(0, 0.1, 3).astype(np.float16).view(np.uint8).reshape(3, 2)
    if name == "IQ1_M":  # its scale is spread over the last eight bytes; keep it finite
        blocks[:, 55] &= 0xBF
    blocks = blocks.tobytes()
    values = np.zeros(3 * elements, dtype=np.float32)
    decode = getattr(ggml, "dequantize_row_" + name.lower())
    decode(blocks, values.ctypes.data_as(ctypes.c_void_p), ctypes.c_int64(values.size))
    assert np.isfinite(values).all(), name
    (folder / f"{name}.blocks").write_bytes(blocks + values.tobytes())

values = random.normal(0, 1, 256).astype(np.float32)
values[32:64] = 0
values[64:96] = np.arange(32) - 16  # ties
values[96] = 60000
for name, size in {"Q4_0": 18 * 8, "Q8_0": 34 * 8, "F16": 512, "BF16": 512}.items():
    encoded = ctypes.create_string_buffer(size)
    source = values.ctypes.data_as(ctypes.c_void_p)
    if name.startswith("Q"):
        getattr(ggml, f"quantize_row_{name.lower()}_ref")(source, encoded, ctypes.c_int64(256))
    else:
        kind = {"F16": "fp16", "BF16": "bf16"}[name]
        getattr(ggml, f"ggml_fp32_to_{kind}_row")(source, encoded, ctypes.c_int64(256))
    (folder / f"{name}.encoded").write_bytes(values.tobytes() + encoded.raw)
