#!/usr/bin/env python3
"""Trains the small SentencePiece models of the tests and writes what SentencePiece makes of some texts.

    sentencepiece.py CORPUS.txt RULES.tsv FOLDER

RULES.tsv holds normalization rules in SentencePiece's form: code points in hexadecimal, a tab, code points.
sentencepiece.json in FOLDER also has under "llama" what llama.cpp's t5 vocabulary gives for the Unigram models, with
special tokens added and recognized; that part is added by hand.
"""
import io
import json
import pathlib
import random
import sys

import sentencepiece

MODELS = {
    "unigram": dict(model_type="unigram", byte_fallback=True, rules=True),
    "unigram_unk": dict(model_type="unigram", rules=True),
    "unigram_raw": dict(model_type="unigram", add_dummy_prefix=False, remove_extra_whitespaces=False, rules=True),
    "bpe": dict(model_type="bpe", byte_fallback=True, normalization_rule_name="identity",
                remove_extra_whitespaces=False, split_digits=True),
    "bpe_suffix": dict(model_type="bpe", treat_whitespace_as_suffix=True, rules=True),
}
WORDS = ["the", "model", "tokens", "ﬁle", "Ａbc", "日本", "한글", "😀", "é", "e\u0301", "½", "  ", " ", "\t", "\u3000", "\u00ad",
         "\u200b", "ｶﾞ", "№", "…", "<user>", "привет", "🤖", "a", "b", ".", "\n", "ⅷ", "㎏", "ﷺ", "क्षि"]


def texts():
    rng = random.Random(5)
    yield from ["Hello world", "  two  spaces  ", "", " ", "▁mark", "</s> a <user>b", "a\u3000b"]
    for _ in range(150):
        yield "".join(rng.choice(WORDS) + rng.choice(["", " "]) for _ in range(rng.randint(1, 10)))


def main():
    corpus, rules, folder = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
    lines = [line for line in open(corpus, encoding="utf-8").read().split("\n") if line.strip()][:1500]
    answers = {}
    for name, options in MODELS.items():
        out = io.BytesIO()
        if options.pop("rules", False):
            options["normalization_rule_tsv"] = rules
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(lines), model_writer=out, vocab_size=500, user_defined_symbols=["<user>"],
            control_symbols=["<ctl>"], num_threads=1, character_coverage=0.98, **options)
        (folder / f"{name}.model").write_bytes(out.getvalue())
        processor = sentencepiece.SentencePieceProcessor(model_proto=out.getvalue())
        answers[name] = [{"text": t, "ids": processor.encode(t), "decoded": processor.decode(processor.encode(t))}
                         for t in texts()]
    (folder / "sentencepiece.json").write_text(json.dumps(answers, ensure_ascii=False, indent=0))


if __name__ == "__main__":
    main()
