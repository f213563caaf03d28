"""A Llama model with rows that are multiples of 256, as K-quants want them, which computes what the original does: zeros
are added to its states and heads, and its norms multiply with as much less as they divide by more numbers.

    bench/widened.py IN OUT      needs numpy; reads and writes GGUF files with llama.cpp's own Python package
"""
import sys

import llama_cpp


def up(number, multiple):
    return -(-number // multiple) * multiple


def widen(source, target, programs):
    sys.path.insert(0, str(programs.parent.parent / "gguf-py"))
    import gguf
    import numpy as np
    from gguf.quants import dequantize

    reader, writer = gguf.GGUFReader(source), gguf.GGUFWriter(target, "llama")
    said = {key: field.contents() for key, field in reader.fields.items()}
    width, heads, kv_heads = (said["llama." + key] for key in (
        "embedding_length", "attention.head_count", "attention.head_count_kv"))
    head, group, wide = width // heads, heads // kv_heads, up(width, 256)
    if said["general.architecture"] != "llama" or wide % (head * group):
        sys.exit(f"{source}: cannot be widened from {width} to {wide} in whole groups of {group} heads of {head}")
    kv_width = wide // group
    epsilon = "llama.attention.layer_norm_rms_epsilon"
    said |= {"llama.embedding_length": wide, "llama.attention.head_count": wide // head,
             "llama.attention.head_count_kv": kv_width // head, epsilon: said[epsilon] * width / wide}
    for key, field in reader.fields.items():
        if key.startswith("GGUF.") or key in ("general.architecture", "general.file_type", "general.quantization_version"):
            continue
        kind = field.types[0]
        writer.add_key_value(key, said[key], kind, sub_type=field.types[-1] if kind == gguf.GGUFValueType.ARRAY else None)
    writer.add_file_type(1)
    for tensor in reader.tensors:
        shape = [int(length) for length in reversed(tensor.shape)]
        numbers = dequantize(tensor.data, tensor.tensor_type).astype(np.float32).reshape(shape)
        if len(shape) == 1:
            writer.add_tensor(tensor.name, np.pad(numbers * np.sqrt(width / wide), (0, wide - width)).astype(np.float32))
            continue
        rows = shape[0]
        if any(name in tensor.name for name in ("attn_q.", "attn_output.", "ffn_down.")):
            rows = wide
        elif any(name in tensor.name for name in ("attn_k.", "attn_v.")):
            rows = kv_width
        columns = wide if shape[1] == width else shape[1]
        padded = np.pad(numbers, ((0, rows - shape[0]), (0, columns - shape[1])))
        writer.add_tensor(tensor.name, padded.astype(np.float16))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


if __name__ == "__main__":
    widen(sys.argv[1], sys.argv[2], llama_cpp.build(llama_cpp.WORK))
