"""llama.cpp as the benchmarks use it: its programs, and model files that both sides read."""
import json
import os
import pathlib
import random
import struct
import subprocess
import sys
import tarfile

PACKAGE = "llama-cpp-python==0.3.36"
ROOT = pathlib.Path(__file__).resolve().parent.parent
PROGRAMS = ["llama-bench", "llama-cli", "llama-server", "llama-quantize", "llama-perplexity"]
WORK = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")) / "jebena-bench"

# The shape of Llama 3.2 1B, with SmolLM2's vocabulary.
LAYERS, WIDTH, INNER, HEADS, KV_HEADS = 16, 2048, 8192, 32, 8


def run(command, with_errors=False, **kwargs):
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, **kwargs)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))} failed:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
    return done.stdout + done.stderr if with_errors else done.stdout


def build(work):
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
    if not all((programs / name).exists() for name in PROGRAMS):
        print("building llama.cpp (minutes)", file=sys.stderr)
        options = ["-DCMAKE_BUILD_TYPE=Release", "-DLLAMA_CURL=OFF", "-DLLAMA_OPENSSL=OFF", "-DLLAMA_BUILD_UI=OFF"]
        run(["cmake", "-S", source, "-B", source / "build", *options])
        run(["cmake", "--build", source / "build", "-j", os.cpu_count(), "-t", *PROGRAMS])
    return programs


def model_file(name, programs, work):
    """The file of a model: of the catalog (`smollm2`), requantized (`smollm2:Q4_0`), made up (`llama-1b:Q4_K_M`),
    or a file's own path."""
    if pathlib.Path(name).is_file():
        return pathlib.Path(name).resolve()
    base, _, kind = name.partition(":")
    if not (kind.upper().startswith(("Q", "F16")) or base == "llama-1b"):
        run([ROOT / "jebena", "pull", name, "--accept-license"])
        return pathlib.Path(json.loads(run([ROOT / "jebena", "show", name, "--json"]))["path"])
    path = work / f"{base}-{kind}.gguf"
    if not path.exists():
        source = random_llama(work, programs) if base == "llama-1b" else model_file(base, programs, work)
        part = path.with_suffix(".part")
        run([programs / "llama-quantize", "--allow-requantize", source, part, kind, os.cpu_count()])
        part.rename(path)
    return path


def expanded(name, programs, work):
    """The model's file with its weights as F16."""
    source = model_file(name, programs, work)
    path = work / f"{source.stem}-expanded-F16.gguf"
    if not path.exists():
        part = path.with_suffix(".part")
        run([programs / "llama-quantize", "--allow-requantize", source, part, "F16", os.cpu_count()])
        part.rename(path)
    return path


def random_llama(work, programs):
    """A Llama of a billion weights, made up: what it says is noise, what it costs is real."""
    path = work / "llama-1b-F16.gguf"
    if path.exists():
        return path
    vocabulary = tokenizer_fields(model_file("smollm2", programs, work))
    tokens = next(count for key, count, _ in vocabulary if key == "tokenizer.ggml.tokens")
    head = WIDTH // HEADS
    fields = [field("general.architecture", "llama"), field("general.name", "random-1b"), field("general.file_type", 1)]
    for key, value in {
        "block_count": LAYERS, "embedding_length": WIDTH, "feed_forward_length": INNER, "attention.head_count": HEADS,
        "attention.head_count_kv": KV_HEADS, "context_length": 8192, "rope.dimension_count": head,
        "attention.layer_norm_rms_epsilon": 1e-5, "rope.freq_base": 500000.0, "vocab_size": tokens,
    }.items():
        fields.append(field("llama." + key, value))
    fields += [raw for _, _, raw in vocabulary]
    shapes = {"token_embd.weight": (WIDTH, tokens), "output_norm.weight": (WIDTH,)}
    for i in range(LAYERS):
        for part, shape in {
            "attn_norm": (WIDTH,), "attn_q": (WIDTH, WIDTH), "attn_k": (WIDTH, KV_HEADS * head),
            "attn_v": (WIDTH, KV_HEADS * head), "attn_output": (WIDTH, WIDTH), "ffn_norm": (WIDTH,),
            "ffn_gate": (WIDTH, INNER), "ffn_up": (WIDTH, INNER), "ffn_down": (INNER, WIDTH),
        }.items():
            shapes[f"blk.{i}.{part}.weight"] = shape
    write_gguf(path, fields, shapes)
    return path


def write_gguf(path, fields, shapes):
    """GGUF v3: matrices as float16, normally distributed; vectors as float32 ones."""
    header = b"GGUF" + struct.pack("<IQQ", 3, len(shapes), len(fields)) + b"".join(fields)
    offset, sizes = 0, []
    for name, shape in shapes.items():
        matrix = len(shape) == 2
        size = shape[0] * (2 * shape[1] if matrix else 4)
        header += text(name) + struct.pack("<I", len(shape)) + struct.pack(f"<{len(shape)}Q", *shape)
        header += struct.pack("<IQ", 1 if matrix else 0, offset)
        sizes.append((matrix, size))
        offset += -(-size // 32) * 32
    part = path.with_suffix(".part")
    generator = random.Random(1)
    table = bytes(high_bytes())
    with part.open("wb") as out:
        out.write(header + bytes(-len(header) % 32))
        for matrix, size in sizes:
            for begin in range(0, size, 1 << 24):
                count = min(1 << 24, size - begin)
                if matrix:
                    numbers = bytearray(count)
                    numbers[0::2] = generator.randbytes(count // 2)
                    numbers[1::2] = generator.randbytes(count // 2).translate(table)
                    out.write(numbers)
                else:
                    out.write(struct.pack("<f", 1) * (count // 4))
            out.write(bytes(-size % 32))
    part.rename(path)


def high_bytes():
    """The high bytes of 256 quantiles of a normal distribution, standard deviation 0.02, as float16."""
    generator = random.Random(2)
    values = sorted(generator.gauss(0, 0.02) for _ in range(256 * 64))[32::64]
    return [struct.pack("<e", value)[1] for value in values]


def text(value):
    data = value.encode()
    return struct.pack("<Q", len(data)) + data


def field(key, value):
    if isinstance(value, str):
        return text(key) + struct.pack("<I", 8) + text(value)
    if isinstance(value, float):
        return text(key) + struct.pack("<If", 6, value)
    return text(key) + struct.pack("<II", 4, value)


def tokenizer_fields(path):
    """(key, length, bytes) of each metadata field of a GGUF file that describes its tokenizer."""
    data = path.read_bytes()[: 64 << 20]
    count = struct.unpack_from("<Q", data, 16)[0]
    sizes = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}
    at, found = 24, []

    def end(kind, at):
        if kind == 8:
            return at + 8 + struct.unpack_from("<Q", data, at)[0], 1
        if kind == 9:
            of, length = struct.unpack_from("<IQ", data, at)
            at += 12
            if of in sizes:
                return at + sizes[of] * length, length
            for _ in range(length):
                at = end(of, at)[0]
            return at, length
        return at + sizes[kind], 1

    for _ in range(count):
        begin = at
        length = struct.unpack_from("<Q", data, at)[0]
        key = data[at + 8: at + 8 + length].decode()
        at += 8 + length
        kind = struct.unpack_from("<I", data, at)[0]
        at, length = end(kind, at + 4)
        if key.startswith("tokenizer."):
            found.append((key, length, data[begin:at]))
    return found
