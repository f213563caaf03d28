"""Writes what is beside it: tiny tokenizers, small models of Hugging Face's transformers, and what its pipelines answer.

A model's file has its config.json, the shapes of its tensors, logits, and calls with their answers. The numbers of the
tensors are not stored: `weights` makes them from names, and TinyModel makes the same in Java.

    pip install torch==2.2.2 transformers==4.57.1 numpy==1.26.4 sentencepiece==0.2.1 protobuf
    python make.py [NAME ...]
"""

import json
import os
import sys
import tempfile
from pathlib import Path

import numpy as np
import sentencepiece
import tokenizers
import torch
import transformers

HERE = Path(__file__).parent
TEXTS = HERE.joinpath("corpus.txt").read_text().splitlines()

WIDTH = dict(hidden_size=32, num_attention_heads=4, num_hidden_layers=2, intermediate_size=48)


def labels(*names):
    return dict(id2label=dict(enumerate(names)), label2id={name: i for i, name in enumerate(names)})


SENTIMENT = labels("negative", "neutral", "positive")
ENTAILS = labels("contradiction", "neutral", "entailment")
ENTITIES = labels("O", "B-PER", "I-PER", "B-LOC", "I-LOC", "MISC")

PLAIN = "The old coffee pot stood in Addis Ababa."
LONGER = "Wolfgang Amadeus lives in the unbelievably beautiful city of Berlin, but Sarah travels to New York."
CONTEXT = ("The jebena is a coffee pot that is made of clay. It comes from Ethiopia, where coffee was found by a goatherd "
           "called Kaldi. People drink three cups of coffee in a ceremony that may last for two hours.")
QUESTION = "Who found the coffee?"


def hashed(name):
    value = 0xCBF29CE484222325
    for byte in name.encode():
        value = ((value ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return value


def weights(name, shape):
    """splitmix64 from the name's FNV-1a hash on. Vectors are near 1 if they scale, else small; outputs of matrices are
    about as large as their inputs."""
    with np.errstate(over="ignore"):
        z = np.uint64(hashed(name)) + np.arange(1, int(np.prod(shape)) + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    x = (z >> np.uint64(40)).astype(np.float64) / (1 << 23) - 1
    if name == "classifier.weight":
        x = x * 2
    elif len(shape) == 1 and name.endswith("weight"):
        x = 1 + 0.4 * x
    elif len(shape) <= 1 or shape[0] == 1:
        x = 0.4 * x
    elif "embed" in name or "shared" in name:
        x = 1.7 * x
    else:
        x = x * 2.4 / np.sqrt(np.prod(shape[1:]))
    return x.astype(np.float32).reshape(shape)


# Tokenizers


def word_pieces(specials):
    made = tokenizers.BertWordPieceTokenizer(lowercase=True)
    made.train_from_iterator(TEXTS, vocab_size=320, special_tokens=specials, show_progress=False)
    return made.get_vocab()


def byte_pairs(specials):
    made = tokenizers.ByteLevelBPETokenizer()
    made.train_from_iterator(TEXTS, vocab_size=420, special_tokens=specials, show_progress=False)
    return made


def pieces(folder, **options):
    """A SentencePiece model without the table of characters that most have: it would be 300 KB."""
    path = Path(folder) / "spiece"
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(TEXTS), model_prefix=str(path), vocab_size=300, model_type="unigram",
        normalization_rule_name="identity", hard_vocab_limit=False, character_coverage=1.0, minloglevel=2, **options)
    return str(path) + ".model"


def bert(cls, cls_token, sep_token, **special):
    def build(folder):
        vocab = word_pieces([*{cls_token: 0, "[PAD]" if cls_token == "[CLS]" else "<pad>": 0, sep_token: 0,
                               "[UNK]": 0, special.get("mask_token", "[MASK]"): 0}])
        file = Path(folder) / "vocab.txt"
        file.write_text("\n".join(sorted(vocab, key=vocab.get)) + "\n")
        return cls(vocab_file=str(file), do_lower_case=True, model_max_length=64, **special)
    return build


def level(cls, specials, **more):
    def build(folder):
        byte_pairs(specials).save_model(str(folder))
        return cls(vocab_file=f"{folder}/vocab.json", merges_file=f"{folder}/merges.txt", model_max_length=64, **more)
    return build


def modern(folder):
    made = byte_pairs(["[UNK]", "[CLS]", "[SEP]", "[PAD]", "[MASK]"])._tokenizer
    made.post_processor = tokenizers.processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B [SEP]", special_tokens=[("[CLS]", 1), ("[SEP]", 2)])
    return transformers.PreTrainedTokenizerFast(
        tokenizer_object=made, model_max_length=64, unk_token="[UNK]", cls_token="[CLS]", sep_token="[SEP]",
        pad_token="[PAD]", mask_token=transformers.AddedToken("[MASK]", lstrip=True, normalized=False),
        model_input_names=["input_ids", "attention_mask"], clean_up_tokenization_spaces=True)


def gpt(folder):
    made = byte_pairs(["<|endoftext|>"])._tokenizer
    return transformers.PreTrainedTokenizerFast(
        tokenizer_object=made, model_max_length=64, bos_token="<|endoftext|>", eos_token="<|endoftext|>",
        chat_template="{% for m in messages %}{{ m['role'] + ': ' + m['content'] + '\n' }}{% endfor %}assistant:")


def unigram(cls, **options):
    more = {key: options.pop(key) for key in [*options] if key in ("extra_ids", "src_lang", "tgt_lang", "offset", "add_prefix_space")}
    return lambda folder: cls(vocab_file=pieces(folder, **options), model_max_length=64, **more)


def marian(folder):
    source = pieces(folder, unk_id=1, eos_id=0, bos_id=-1)
    os.rename(source, f"{folder}/source.spm")
    os.link(f"{folder}/source.spm", f"{folder}/target.spm")
    model = sentencepiece.SentencePieceProcessor(model_file=f"{folder}/source.spm")
    vocab = {model.id_to_piece(i): i for i in range(len(model))} | {"<pad>": len(model)}
    Path(folder, "vocab.json").write_text(json.dumps(vocab))
    return transformers.MarianTokenizer(
        f"{folder}/source.spm", f"{folder}/target.spm", f"{folder}/vocab.json", model_max_length=64)


TOKENIZERS = {
    "bert": bert(transformers.BertTokenizerFast, "[CLS]", "[SEP]"),
    "distilbert": bert(transformers.DistilBertTokenizerFast, "[CLS]", "[SEP]"),
    "mpnet": bert(transformers.MPNetTokenizerFast, "<s>", "</s>", mask_token="<mask>"),
    "roberta": level(transformers.RobertaTokenizerFast, ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]),
    "deberta": level(transformers.DebertaTokenizerFast, ["[PAD]", "[CLS]", "[SEP]", "[UNK]", "[MASK]"]),
    "modernbert": modern,
    "gpt": gpt,
    "albert": unigram(transformers.AlbertTokenizerFast, pad_id=0, unk_id=1, bos_id=-1, eos_id=-1,
                      control_symbols=["[CLS]", "[SEP]", "[MASK]"], pad_piece="<pad>"),
    "deberta-v2": unigram(transformers.DebertaV2TokenizerFast, pad_id=0, bos_id=1, eos_id=2, unk_id=3,
                          pad_piece="[PAD]", bos_piece="[CLS]", eos_piece="[SEP]", unk_piece="[UNK]"),
    "xlm-roberta": unigram(transformers.XLMRobertaTokenizerFast),
    "t5": unigram(transformers.T5TokenizerFast, pad_id=0, eos_id=1, unk_id=2, bos_id=-1, extra_ids=4, add_prefix_space=True),
    "pegasus": unigram(transformers.PegasusTokenizerFast, pad_id=0, eos_id=1, unk_id=2, bos_id=-1, offset=4),
    "mbart": unigram(transformers.MBartTokenizerFast, src_lang="en_XX", tgt_lang="ro_RO"),
    "marian": marian,
}


def tokenizer(name):
    """The tokenizer as its folder has it, which is written where it is missing."""
    folder = HERE / "tokenizers" / name
    if not folder.exists():
        with tempfile.TemporaryDirectory() as work:
            made = TOKENIZERS[name](work)
            made.save_pretrained(folder)
        for file in folder.glob("*.json"):
            file.write_text(json.dumps(json.loads(file.read_text()), ensure_ascii=False, separators=(",", ":")) + "\n")
        for file in ("special_tokens_map.json", "added_tokens.json"):
            folder.joinpath(file).unlink(missing_ok=True)
    return transformers.AutoTokenizer.from_pretrained(folder)


# Models: tokenizer, model, task, calls. A call is the inputs and the parameters.

CLASSIFY = [(PLAIN, {}), (LONGER, dict(top_k=None)), (LONGER, dict(top_k=2)), (PLAIN, dict(top_k=None, function_to_apply="sigmoid")),
            (PLAIN, dict(top_k=None, function_to_apply="none")), (dict(text=QUESTION, text_pair=PLAIN), dict(top_k=None))]
TAG = [(LONGER, dict(aggregation_strategy=each, ignore_labels=[])) for each in ("none", "simple", "first", "average", "max")] + [
    (LONGER, dict(aggregation_strategy="simple")), ("Zürich ☃ naïve New York", dict(aggregation_strategy="simple", ignore_labels=[])),
    ("Zürich ☃ naïve New York", dict(aggregation_strategy="average", ignore_labels=[])),
    (CONTEXT + " " + CONTEXT, dict(aggregation_strategy="first", stride=8, ignore_labels=["O", "MISC"]))]
ASK = [dict(), dict(top_k=3), dict(top_k=4, max_answer_len=4), dict(max_seq_len=32, doc_stride=12, top_k=3),
       dict(handle_impossible_answer=True, top_k=5), dict(align_to_words=False, top_k=3)]
ASK = [(dict(question=QUESTION, context=CONTEXT), each) for each in ASK]
LABELS = ["coffee", "travel", "music"]
CHOOSE = [(PLAIN, dict(candidate_labels=LABELS)), (PLAIN, dict(candidate_labels=LABELS, multi_label=True)),
          (LONGER, dict(candidate_labels="travel, city", hypothesis_template="The topic is {}.")),
          (PLAIN, dict(candidate_labels=["coffee"]))]


def mask(token):
    return [(f"The coffee {token} is made of clay.", {}), (f"A {token} of coffee", dict(top_k=2)),
            (f"The coffee {token} is old.", dict(targets=["pot", "city"])),
            (f"The {token} pot is made of {token}.", dict(top_k=2))]


# The library lets its own default of max_new_tokens win over a max_length that is asked for, unless it is None.
SUMMARIZE = [
    (PLAIN, dict(max_new_tokens=12)),
    (LONGER, dict(max_new_tokens=12, num_beams=1)),
    (LONGER, dict(max_new_tokens=10, num_beams=3, num_return_sequences=3)),
    (LONGER, dict(max_new_tokens=None, max_length=14, min_length=8, num_beams=4, length_penalty=2.0, no_repeat_ngram_size=2)),
    (LONGER, dict(max_new_tokens=None, max_length=14, num_beams=4, early_stopping=True, length_penalty=0.5)),
    (LONGER, dict(max_new_tokens=None, max_length=12, num_beams=2, early_stopping="never", repetition_penalty=1.4)),
    (PLAIN, dict(max_new_tokens=9, min_new_tokens=5, num_beams=2, encoder_no_repeat_ngram_size=2)),
]


def head(kind, config, model, task, calls, name, **more):
    return lambda t: (kind, getattr(t, model)(getattr(t, config)(**(WIDTH | more))), task, calls(t) if callable(calls) else calls)


MODELS = {}


def family(name, kind, config, prefix, token, tasks, **more):
    heads = {
        "feature-extraction": ("Model", [(PLAIN, {})], {}),
        "fill-mask": ("ForMaskedLM", mask(token), {}),
        "text-classification": ("ForSequenceClassification", CLASSIFY, SENTIMENT),
        "zero-shot-classification": ("ForSequenceClassification", CHOOSE, ENTAILS),
        "token-classification": ("ForTokenClassification", TAG, ENTITIES),
        "question-answering": ("ForQuestionAnswering", ASK, {}),
    }
    for task in tasks or heads:
        cls, calls, options = heads[task]
        MODELS[f"{name}-{task}"] = head(kind, config, prefix + cls, task, calls, name, **(more | options))


def table(name):
    """The number of rows of the embedding."""
    return max(tokenizer(name).get_vocab().values()) + 1


ALL = ["fill-mask", "text-classification", "token-classification", "question-answering"]
family("bert", "bert", "BertConfig", "Bert", "[MASK]", None, max_position_embeddings=96)
family("distilbert", "distilbert", "DistilBertConfig", "DistilBert", "[MASK]", ALL, dim=32, n_heads=4, n_layers=2, hidden_dim=48,
       max_position_embeddings=96)
family("roberta", "roberta", "RobertaConfig", "Roberta", "<mask>", ALL, max_position_embeddings=98, type_vocab_size=1)
family("xlm-roberta", "xlm-roberta", "XLMRobertaConfig", "XLMRoberta", "<mask>", ALL, max_position_embeddings=98, type_vocab_size=1)
family("camembert", "xlm-roberta", "CamembertConfig", "Camembert", "<mask>", ["fill-mask", "text-classification"],
       max_position_embeddings=98, type_vocab_size=1)
family("electra", "bert", "ElectraConfig", "Electra", "[MASK]", ALL, embedding_size=24, max_position_embeddings=96)
family("albert", "albert", "AlbertConfig", "Albert", "[MASK]", ALL, embedding_size=16, num_hidden_layers=4, num_hidden_groups=2,
       inner_group_num=2, max_position_embeddings=96, pad_token_id=0)
family("mpnet", "mpnet", "MPNetConfig", "MPNet", "<mask>", ALL, max_position_embeddings=98)
family("deberta", "deberta", "DebertaConfig", "Deberta", "[MASK]", ALL, relative_attention=True, pos_att_type=["c2p", "p2c"],
       max_position_embeddings=96, position_biased_input=False, type_vocab_size=0, pooler_hidden_size=32)
family("deberta-v2", "deberta-v2", "DebertaV2Config", "DebertaV2", "[MASK]", ALL, relative_attention=True, position_buckets=8,
       norm_rel_ebd="layer_norm", share_att_key=True, pos_att_type=["p2c", "c2p"], max_position_embeddings=96,
       position_biased_input=False, type_vocab_size=0, pooler_hidden_size=32)
family("deberta-v2-conv", "deberta-v2", "DebertaV2Config", "DebertaV2", "[MASK]", ["fill-mask", "text-classification"],
       relative_attention=True, pos_att_type=["p2c", "c2p"], max_position_embeddings=96, conv_kernel_size=3, conv_act="gelu",
       type_vocab_size=2, pooler_hidden_size=32)
family("modernbert", "modernbert", "ModernBertConfig", "ModernBert", "[MASK]", ALL, local_attention=8, num_hidden_layers=4,
       global_attn_every_n_layers=3, reference_compile=False, pad_token_id=3, cls_token_id=1, sep_token_id=2, bos_token_id=1,
       eos_token_id=2, classifier_pooling="mean", max_position_embeddings=96)

BART = dict(d_model=32, encoder_layers=2, decoder_layers=2, encoder_attention_heads=4, decoder_attention_heads=4,
            encoder_ffn_dim=48, decoder_ffn_dim=48, max_position_embeddings=96)
SPECIAL = dict(bos_token_id=0, pad_token_id=1, eos_token_id=2, decoder_start_token_id=2)


def written(task, kind, config, model, **more):
    return lambda t: (kind, getattr(t, model)(getattr(t, config)(**more)), task, SUMMARIZE)


MODELS |= {
    "bart-zero-shot-classification": lambda t: (
        "roberta", t.BartForSequenceClassification(t.BartConfig(**(BART | SPECIAL | ENTAILS))), "zero-shot-classification", CHOOSE),
    "bart": written("summarization", "roberta", "BartConfig", "BartForConditionalGeneration",
                    **(BART | SPECIAL | dict(forced_eos_token_id=2, forced_bos_token_id=0, num_beams=2))),
    "mbart": written("text2text-generation", "mbart", "MBartConfig", "MBartForConditionalGeneration",
                     **(BART | SPECIAL | dict(scale_embedding=True, forced_eos_token_id=2))),
    "pegasus": written("summarization", "pegasus", "PegasusConfig", "PegasusForConditionalGeneration",
                       **(BART | dict(pad_token_id=0, eos_token_id=1, decoder_start_token_id=0, forced_eos_token_id=1,
                                      scale_embedding=True))),
    "marian": lambda t: ("marian", t.MarianMTModel(t.MarianConfig(**(BART | dict(
        pad_token_id=table("marian") - 1, eos_token_id=0, decoder_start_token_id=table("marian") - 1, scale_embedding=True,
        forced_eos_token_id=0, bad_words_ids=[[table("marian") - 1]], activation_function="swish",
        vocab_size=table("marian"))))), "translation", SUMMARIZE),
    "t5": written("summarization", "t5", "T5Config", "T5ForConditionalGeneration", d_model=32, d_kv=8, d_ff=48, num_layers=2,
                  num_heads=4, relative_attention_num_buckets=8, relative_attention_max_distance=20, decoder_start_token_id=0,
                  task_specific_params={"summarization": {"prefix": "summarize: ", "num_beams": 3, "max_length": 16, "min_length": 4}}),
    "t5-gated": written("text2text-generation", "t5", "T5Config", "T5ForConditionalGeneration", d_model=32, d_kv=8, d_ff=48,
                        num_layers=2, num_heads=4, relative_attention_num_buckets=8,
                        feed_forward_proj="gated-gelu", tie_word_embeddings=False, decoder_start_token_id=0),
    "mt5": written("text2text-generation", "t5", "MT5Config", "MT5ForConditionalGeneration", d_model=32, d_kv=8, d_ff=48,
                   num_layers=2, num_heads=4, relative_attention_num_buckets=8, decoder_start_token_id=0),
    "gpt2": lambda t: ("gpt", t.GPT2LMHeadModel(t.GPT2Config(n_embd=32, n_layer=2, n_head=4, n_positions=96, bos_token_id=0,
                                                             eos_token_id=0)), "text-generation", WRITE),
    "llama": lambda t: ("gpt", t.LlamaForCausalLM(t.LlamaConfig(**WIDTH, num_key_value_heads=2, max_position_embeddings=96,
                                                                bos_token_id=0, eos_token_id=0)), "text-generation", WRITE),
}
WRITE = [(PLAIN, dict(max_new_tokens=12, do_sample=False)),
         (PLAIN, dict(max_new_tokens=8, do_sample=False, return_full_text=False, repetition_penalty=1.3)),
         ([dict(role="user", content="Who found coffee?")], dict(max_new_tokens=6, do_sample=False))]


def stored(model):
    """The tensors that a checkpoint has: of those that are one and the same, the first that is not derived."""
    tied = set(getattr(model, "_tied_weights_keys", None) or [])
    seen, kept = {}, {}
    for key, value in sorted(model.state_dict().items(), key=lambda item: item[0] in tied):
        # Marian's positions are not trained, and not stored.
        if key.endswith("position_ids") or "inv_freq" in key or ("embed_positions" in key and model.config.model_type == "marian"):
            continue
        if seen.setdefault(value.data_ptr(), key) == key:
            kept[key] = list(value.shape)
    return kept


def rounded(value):
    if isinstance(value, dict):
        return {key: rounded(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [rounded(each) for each in value]
    if isinstance(value, (float, np.floating)):
        return float(f"{float(value):.7g}")
    return value.item() if isinstance(value, np.generic) else value


def logits(model, encode, task):
    """What the model says of one text; of a language model at the mask, of a decoder at its first step."""
    if task in ("summarization", "text2text-generation", "translation"):
        inputs = encode(PLAIN, return_tensors="pt")
        inputs.pop("token_type_ids", None)
        start = torch.tensor([[model.config.decoder_start_token_id]])
        return model(**inputs, decoder_input_ids=start).logits[0, -1].tolist()
    if task == "text-generation":
        return model(**encode(PLAIN, return_tensors="pt")).logits[0, -1].tolist()
    text = f"The coffee {encode.mask_token} is old." if task == "fill-mask" else PLAIN
    inputs = encode(text, return_tensors="pt")
    out = model(**inputs)
    if task == "fill-mask":
        return out.logits[0, inputs.input_ids[0].tolist().index(encode.mask_token_id)].tolist()
    if task == "question-answering":
        return [out.start_logits[0].tolist(), out.end_logits[0].tolist()]
    return out[0][0].tolist()


class Sized:
    """The library, whose models have an embedding of so many rows."""

    def __init__(self, rows):
        self.rows = rows

    def __getattr__(self, name):
        value = getattr(transformers, name)
        return (lambda **options: value(**(dict(vocab_size=self.rows) | options))) if name.endswith("Config") else value


def make(name):
    torch.manual_seed(0)
    kind = MODELS[name](transformers)[0]
    encode = tokenizer(kind)
    kind, model, task, calls = MODELS[name](Sized(table(kind)))
    model.eval()
    shapes = stored(model)
    state = {key: torch.tensor(weights(key, shape)) for key, shape in shapes.items()}
    model.load_state_dict(state, strict=False)
    model.tie_weights()
    config = model.config.to_diff_dict()
    config["architectures"] = [type(model).__name__]
    config["model_type"] = model.config.model_type
    pipe = transformers.pipeline(task, model=model, tokenizer=encode, device=-1)
    file = {"tokenizer": kind, "task": task, "config": config, "tensors": shapes,
            "logits": rounded(np.round(np.array(logits(model, encode, task), dtype=np.float64), 6).tolist()), "calls": []}
    if model.can_generate():
        file["generation_config"] = json.loads(model.generation_config.to_json_string())
    for inputs, parameters in calls:
        answer = pipe(**inputs, **parameters) if task == "question-answering" else pipe(inputs, **parameters)
        file["calls"].append({"inputs": inputs, "parameters": parameters, "answer": rounded(answer)})
    HERE.joinpath(name + ".json").write_text(json.dumps(file, ensure_ascii=False) + "\n")


with torch.no_grad():
    for each in sys.argv[1:] or MODELS:
        make(each)
        print(each, flush=True)
