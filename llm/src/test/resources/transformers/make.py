"""Writes the JSON files beside it: small models of Hugging Face's transformers and what they compute.

A file has the model's config.json, the shapes of its tensors, and the answers in float64. The numbers of the tensors are
not stored: `weights` makes them from names, and TransformersFixture makes the same in Java.

    pip install torch==2.2.2 transformers==4.57.1 numpy==1.26.4
    python make.py [NAME ...]
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch
import transformers

TOKENS = 64  # one for each printable character from "!" on
LENGTH = 40


def hashed(name):
    value = 0xCBF29CE484222325
    for byte in name.encode():
        value = ((value ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return value


def uniform(name, count):
    """Numbers from -1 to 1: splitmix64 from the name's FNV-1a hash on."""
    with np.errstate(over="ignore"):
        z = np.uint64(hashed(name)) + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return (z >> np.uint64(40)).astype(np.float64) / (1 << 23) - 1


def weights(name, shape):
    """Vectors are near 1 if they scale, else small; outputs of matrices are about as large as their inputs."""
    x = uniform(name, int(np.prod(shape)))
    if len(shape) == 1 and name.endswith(("weight", "e_score_correction_bias")):
        x = 1 + 0.4 * x
    elif len(shape) == 1:
        x = 0.4 * x
    elif "embed" in name:
        x = 1.7 * x
    else:
        x = x * 2.4 / np.sqrt(shape[-1])
    return x.astype(np.float32).reshape(shape)


E2M1 = np.array([0, 0.5, 1, 1.5, 2, 3, 4, 6, 0, -0.5, -1, -1.5, -2, -3, -4, -6])


def raw(name, shape):
    """Bytes: nibbles of MXFP4, or its powers of two from 2^-5 to 2^-3."""
    x = uniform(name, int(np.prod(shape))).reshape(shape)
    return np.floor((x + 1) * 128).astype(int) if name.endswith("_blocks") else np.floor((x + 1) * 1.5).astype(int) + 122


def microscaled(state, shapes):
    """Gives the experts of gpt-oss as its folders have them: in MXFP4, as bytes."""
    for key in [key for key in shapes if key.endswith(("experts.gate_up_proj", "experts.down_proj"))]:
        experts, inputs, outputs = shapes.pop(key)
        blocks, scales = [experts, outputs, inputs // 32, 16], [experts, outputs, inputs // 32]
        shapes |= {key + "_blocks": blocks, key + "_scales": scales}
        bytes_ = raw(key + "_blocks", blocks)
        numbers = np.stack([E2M1[bytes_ & 15], E2M1[bytes_ >> 4]], axis=-1).reshape(*scales, 32)
        numbers = numbers * np.exp2(raw(key + "_scales", scales) - 127.0)[..., None]
        state[key] = torch.tensor(numbers.reshape(experts, outputs, inputs).transpose(0, 2, 1).copy())


def sizes(**more):
    return dict(
        vocab_size=TOKENS, hidden_size=64, intermediate_size=96, num_hidden_layers=4, num_attention_heads=4,
        num_key_value_heads=2, max_position_embeddings=256, tie_word_embeddings=False, pad_token_id=0,
        bos_token_id=1, eos_token_id=2) | more


def encoder(**more):
    return sizes(cls_token_id=1, sep_token_id=2, local_attention=12, global_attn_every_n_layers=3,
                 global_rope_theta=160000.0, local_rope_theta=10000.0, reference_compile=False) | more


class JinaBert(torch.nn.Module):
    """Jina's BERT 2 by its paper (Gunther et al. 2023), since transformers has it as remote code only: BERT's layers with
    ALiBi in both directions in place of positions, and a gated feed-forward network."""

    def __init__(self, config):
        super().__init__()
        self.config = config
        state = {"embeddings.word_embeddings.weight": [TOKENS, 64], "embeddings.token_type_embeddings.weight": [2, 64],
                 "embeddings.LayerNorm.weight": [64], "embeddings.LayerNorm.bias": [64]}
        for i in range(config.num_hidden_layers):
            for part in ("self.query", "self.key", "self.value", "output.dense"):
                state |= {f"encoder.layer.{i}.attention.{part}.weight": [64, 64],
                          f"encoder.layer.{i}.attention.{part}.bias": [64]}
            state |= {f"encoder.layer.{i}.attention.output.LayerNorm.weight": [64],
                      f"encoder.layer.{i}.attention.output.LayerNorm.bias": [64],
                      f"encoder.layer.{i}.mlp.gated_layers.weight": [192, 64],
                      f"encoder.layer.{i}.mlp.wo.weight": [64, 96], f"encoder.layer.{i}.mlp.wo.bias": [64],
                      f"encoder.layer.{i}.mlp.layernorm.weight": [64], f"encoder.layer.{i}.mlp.layernorm.bias": [64]}
        self.state = {key: torch.zeros(shape) for key, shape in state.items()}

    def state_dict(self, *args, **kwargs):
        return self.state

    def load_state_dict(self, state, *args, **kwargs):
        self.state = {key: value.double() for key, value in state.items()}

    def set_attn_implementation(self, name):
        pass

    def tie_weights(self):
        pass

    def linear(self, x, name):
        return torch.nn.functional.linear(x, self.state[name + ".weight"], self.state.get(name + ".bias"))

    def norm(self, x, name):
        return torch.nn.functional.layer_norm(x, x.shape[-1:], self.state[name + ".weight"], self.state[name + ".bias"],
                                              self.config.layer_norm_eps)

    def forward(self, input_ids):
        heads = self.config.num_attention_heads
        x = self.state["embeddings.word_embeddings.weight"][input_ids[0]]
        x = self.norm(x + self.state["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
        place = torch.arange(len(x)).double()
        slopes = torch.tensor([2.0 ** (-8 * (head + 1) / heads) for head in range(heads)]).double()
        bias = -slopes[:, None, None] * (place[None, :] - place[:, None]).abs()
        for i in range(self.config.num_hidden_layers):
            layer = f"encoder.layer.{i}."
            q, k, v = (self.linear(x, layer + "attention.self." + part).view(len(x), heads, -1).transpose(0, 1)
                       for part in ("query", "key", "value"))
            share = torch.softmax(q @ k.transpose(1, 2) / q.shape[-1] ** 0.5 + bias, dim=-1)
            y = self.linear((share @ v).transpose(0, 1).reshape(len(x), -1), layer + "attention.output.dense")
            x = self.norm(x + y, layer + "attention.output.LayerNorm")
            gate, up = self.linear(x, layer + "mlp.gated_layers").chunk(2, dim=-1)
            y = self.linear(torch.nn.functional.gelu(gate) * up, layer + "mlp.wo")
            x = self.norm(x + y, layer + "mlp.layernorm")
        return transformers.modeling_outputs.BaseModelOutput(last_hidden_state=x[None])


YARN = dict(rope_type="yarn", factor=4.0, original_max_position_embeddings=64, beta_fast=8.0, beta_slow=1.0)

MODELS = {
    "olmo2": lambda t: t.Olmo2ForCausalLM(t.Olmo2Config(**sizes())),
    "olmo3": lambda t: t.Olmo3ForCausalLM(t.Olmo3Config(**sizes(sliding_window=12, rope_scaling=YARN))),
    "granite": lambda t: t.GraniteForCausalLM(t.GraniteConfig(**sizes(
        embedding_multiplier=3.0, attention_multiplier=0.2, residual_multiplier=0.6, logits_scaling=1.7))),
    "cohere": lambda t: t.CohereForCausalLM(t.CohereConfig(**sizes(
        use_qk_norm=True, logit_scale=0.4, tie_word_embeddings=True))),
    "cohere2": lambda t: t.Cohere2ForCausalLM(t.Cohere2Config(**sizes(
        logit_scale=0.4, sliding_window=12, tie_word_embeddings=True))),
    "glm": lambda t: t.GlmForCausalLM(t.GlmConfig(**sizes(
        head_dim=16, partial_rotary_factor=0.5, attention_bias=True))),
    "glm4": lambda t: t.Glm4ForCausalLM(t.Glm4Config(**sizes(
        head_dim=16, partial_rotary_factor=0.5, attention_bias=True))),
    "smollm3": lambda t: t.SmolLM3ForCausalLM(t.SmolLM3Config(**sizes(tie_word_embeddings=True))),
    "gpt_oss": lambda t: t.GptOssForCausalLM(t.GptOssConfig(**sizes(
        head_dim=16, num_local_experts=6, num_experts_per_tok=2, sliding_window=12,
        rope_scaling=YARN | dict(truncate=False)))),
    "deepseek_v2": lambda t: t.DeepseekV2ForCausalLM(t.DeepseekV2Config(**deepseek(
        q_lora_rank=None, topk_method="greedy", routed_scaling_factor=1.0))),
    "deepseek_v2-groups": lambda t: t.DeepseekV2ForCausalLM(t.DeepseekV2Config(**deepseek(
        q_lora_rank=24, topk_method="group_limited_greedy", n_group=4, topk_group=2, routed_scaling_factor=2.5))),
    "deepseek_v3": lambda t: t.DeepseekV3ForCausalLM(t.DeepseekV3Config(**deepseek(
        q_lora_rank=24, n_group=4, topk_group=2, routed_scaling_factor=2.5, norm_topk_prob=True,
        rope_scaling=YARN | dict(mscale=0.7, mscale_all_dim=0.7)))),
    "jina_bert_v2": lambda t: JinaBert(t.BertConfig(**sizes(
        position_embedding_type="alibi", feed_forward_type="geglu"))),
    "bert-rank": lambda t: t.BertForSequenceClassification(t.BertConfig(**sizes(num_labels=1))),
    "xlm-roberta-rank": lambda t: t.XLMRobertaForSequenceClassification(t.XLMRobertaConfig(**sizes(
        num_labels=1, pad_token_id=1, type_vocab_size=1))),
    "olmoe": lambda t: t.OlmoeForCausalLM(t.OlmoeConfig(**sizes(num_experts=6, num_experts_per_tok=2))),
    "modernbert": lambda t: t.ModernBertModel(t.ModernBertConfig(**encoder())),
    "modernbert-rank": lambda t: t.ModernBertForSequenceClassification(t.ModernBertConfig(**encoder(
        num_labels=1, classifier_pooling="mean"))),
}


def deepseek(**more):
    return sizes(
        num_key_value_heads=4, kv_lora_rank=32, qk_nope_head_dim=24, qk_rope_head_dim=8, v_head_dim=16,
        n_routed_experts=8, num_experts_per_tok=3, moe_intermediate_size=48, n_shared_experts=2,
        first_k_dense_replace=1) | more


def answers(model, ids):
    with torch.no_grad():
        out = model(input_ids=torch.tensor([ids]))
    if "logits" not in out:
        return {"mean": out.last_hidden_state[0].mean(dim=0).tolist(), "cls": out.last_hidden_state[0, 0].tolist()}
    if out.logits.dim() == 2:
        return {"scores": out.logits[0].tolist()}
    logprobs = torch.log_softmax(out.logits[0], dim=-1)
    return {"logprobs": {str(n): [round(x, 6) for x in logprobs[n - 1].tolist()] for n in (1, 17, LENGTH)}}


def make(name):
    torch.manual_seed(0)
    model = MODELS[name.removesuffix("-mxfp4")](transformers)
    model.set_attn_implementation("eager")
    state = {key: value for key, value in model.state_dict().items() if "inv_freq" not in key}
    shapes = {key: list(value.shape) for key, value in state.items()}
    if model.config.tie_word_embeddings:
        shapes.pop("lm_head.weight", None)
    state = {key: torch.tensor(weights(key, shape)) for key, shape in shapes.items()}
    if name.endswith("-mxfp4"):
        microscaled(state, shapes)
    model.load_state_dict(state, strict=False)
    model.tie_weights()
    # DeepSeek 3 adds up experts in float32, whatever the model is.
    model = (model if name == "deepseek_v3" else model.double()).eval()
    # Not 1, which is padding for RoBERTa.
    ids = [max(2, (7 * i * i + 11 * i + 3) % TOKENS) for i in range(LENGTH)]
    config = model.config.to_diff_dict()
    config["architectures"] = [type(model).__name__]
    file = {"config": config, "tensors": shapes, "tokens": ids} | answers(model, ids)
    Path(__file__).with_name(name + ".json").write_text(json.dumps(file) + "\n")


for each in sys.argv[1:] or [*MODELS, "gpt_oss-mxfp4"]:
    make(each)
    print(each)
