#!/usr/bin/env python3
"""Makes pretokenizers.json: how llama.cpp cuts texts for each tokenizer.ggml.pre.

    LLAMA_CPP_LIB_PATH=FOLDER pretokenizers.py NAMES.txt > pretokenizers.json

NAMES.txt has one name of a pre-tokenizer a line; FOLDER holds libllama.so, which the Python package llama_cpp binds.
The vocabulary is all bytes and all pairs of bytes; the lengths of the tokens show where a text was cut.
"""
import json
import random
import struct
import sys
import tempfile

import llama_cpp.llama_cpp as llama

WORDS = """the The HELLO it's IT'S we'll WE'LL they'Re don't o'clock naïve Straße ÉTÉ éTé Ünï 日本語 日本 中文字 ひらがな
カタカナ ー 한국어 ㄱㅏ привет Привет МИР مرحبا שלום नमस्ते सूर्य สวัสดี ພາສາ ខ្មែរ 12 7 3456789 1234 100000 ٣٤ ½ Ⅷ 0x7f 3.14
1,234,567 return fn(x) { (); == != ... -- a_b camelCase HTTPServer iPhone '' ` ~~ $5 + 😀 👍🏽 € © «ok» — … “q” ‘ ， 。 ！ 、 「x」
〜 's 'S 't ' ''s IMGIMGABZ IMGIMG <sentinel:12> / // /* \\ " - _ (a) [b] a.b !important #tag @me %d q? 𝐱 𠀀 ﬁ ſ ǅ ªº Ⓐ ß""".split()
WORDS += ["}\n", "x\u0301", "e\u0301a", "\u0301", "\t", "\n", "\r\n", "\n\n", "\n\n\n", " \n", "  ", "   ", "    ", "\u3000",
          "\u00a0", "\u2003", " .", "x ", "  x"]


def spellings():
    visible = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    hidden = [b for b in range(256) if b not in visible]
    return [chr(b) if b in visible else chr(0x100 + hidden.index(b)) for b in range(256)]


def texts():
    rng = random.Random(20)
    yield from ["Hello, world! It's 2024.", " ", " \n \n", "a", " a", "a  b", "x\n\n  y\n", "1234567 12 123 1234.5"]
    for _ in range(160):
        yield "".join(rng.choice(["", "", " ", "  "]) + rng.choice(WORDS) for _ in range(rng.randint(1, 9)))


def string(text):
    data = text.encode()
    return struct.pack("<Q", len(data)) + data


def gguf(pre):
    letters = spellings()
    pairs = [(i * 40503 + 12345) % 65536 for i in range(65536)]
    tokens = letters + [a + b for a in letters for b in letters]
    merges = [letters[p >> 8] + " " + letters[p & 255] for p in pairs]
    fields = [string("general.architecture") + struct.pack("<I", 8) + string("llama"),
              string("tokenizer.ggml.model") + struct.pack("<I", 8) + string("gpt2"),
              string("tokenizer.ggml.pre") + struct.pack("<I", 8) + string(pre)]
    for key, value in {"bos": 1, "eos": 2}.items():
        fields.append(string(f"tokenizer.ggml.{key}_token_id") + struct.pack("<II", 4, value))
    for key, values in {"tokens": tokens, "merges": merges}.items():
        fields.append(string("tokenizer.ggml." + key) + struct.pack("<IIQ", 9, 8, len(values)) + b"".join(map(string, values)))
    types = struct.pack("<IIQ", 9, 5, len(tokens)) + struct.pack(f"<{len(tokens)}i", *[1] * len(tokens))
    fields.append(string("tokenizer.ggml.token_type") + types)
    return b"GGUF" + struct.pack("<IQQ", 3, 0, len(fields)) + b"".join(fields) + bytes(64)


def ids(model, text, special):
    data = text.encode()
    out = (llama.llama_token * (4 * len(data) + 8))()
    count = llama.llama_tokenize(llama.llama_model_get_vocab(model), data, len(data), out, len(out), special, False)
    return list(out[:count])


def main():
    llama.llama_backend_init()
    params = llama.llama_model_default_params()
    params.vocab_only = True
    all_texts, families, with_bos = list(dict.fromkeys(texts())), {}, []
    for name in sorted(open(sys.argv[1]).read().split()):
        with tempfile.NamedTemporaryFile(suffix=".gguf") as file:
            file.write(gguf(name))
            file.flush()
            model = llama.llama_model_load_from_file(file.name.encode(), params)
        lengths = tuple("".join("1" if i < 256 else "2" for i in ids(model, text, False)) for text in all_texts)
        families.setdefault(lengths, []).append(name)
        if len(ids(model, "a", True)) > 1:
            with_bos.append(name)
    result = [{"names": names, "lengths": list(lengths)} for lengths, names in families.items()]
    print(json.dumps({"texts": all_texts, "bos": with_bos, "families": result}, ensure_ascii=False, indent=0))


if __name__ == "__main__":
    main()
