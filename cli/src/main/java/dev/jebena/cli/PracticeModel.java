package dev.jebena.cli;

import dev.jebena.compute.DataType;
import dev.jebena.formats.GgufType;
import dev.jebena.formats.GgufWriter;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A model file of the usual make whose weights are all zero: a start can be practised with it.
final class PracticeModel {
    private static final int WIDTH = 256;
    private static final List<String> CONTROL =
            List.of("<|endoftext|>", "<|im_start|>", "<|im_end|>");
    private static final int WORDS = 256 + 1700;
    private static final int VOCABULARY = WORDS + CONTROL.size();

    /// The formats of matrices that published files have most often.
    private static final List<DataType> MATRICES =
            List.of(DataType.Q4_1, DataType.Q4_K, DataType.Q6_K, DataType.Q8_0, DataType.Q4_0);

    private final GgufWriter file = new GgufWriter();
    private final List<String> tokens = new ArrayList<>();
    private final List<String> merges = new ArrayList<>();
    private int matrices;

    private PracticeModel() {}

    static void write(Path path) {
        PracticeModel model = new PracticeModel();
        model.shape();
        model.vocabulary();
        model.matrix("token_embd.weight", VOCABULARY, WIDTH);
        for (int layer = 0; layer < MATRICES.size(); layer++) {
            model.layer("blk." + layer + ".");
        }
        model.vector("output_norm.weight");
        model.file.write(path);
    }

    private void shape() {
        file.text("general.architecture", "llama")
                .text("general.name", "practice")
                .uint32("llama.block_count", MATRICES.size())
                .uint32("llama.context_length", 512)
                .uint32("llama.embedding_length", WIDTH)
                .uint32("llama.feed_forward_length", WIDTH)
                .uint32("llama.attention.head_count", 4)
                .uint32("llama.attention.head_count_kv", 2)
                .uint32("llama.rope.dimension_count", WIDTH / 4)
                .float32("llama.rope.freq_base", 10_000)
                .float32("llama.attention.layer_norm_rms_epsilon", 1e-5);
    }

    /// Bytes spelled as byte-level vocabularies do, and pairs of them.
    private void vocabulary() {
        int beyond = 0x100;
        for (int b = 0; b < 256; b++) {
            boolean visible = (b > ' ' && b < 0x7F) || (b > 0xA0 && b != 0xAD);
            tokens.add(Character.toString(visible ? b : beyond++));
        }
        for (int i = 0; tokens.size() < WORDS; i++) {
            String left = tokens.get('A' - 1 + i / 42);
            String right = tokens.get('A' - 1 + i % 42);
            merges.add(left + " " + right);
            tokens.add(left + right);
        }
        tokens.addAll(CONTROL);
        int[] types = new int[VOCABULARY];
        for (int id = 0; id < VOCABULARY; id++) {
            types[id] = id < WORDS ? 1 : 3;
        }
        file.text("tokenizer.ggml.model", "gpt2")
                .text("tokenizer.ggml.pre", "smollm")
                .array("tokenizer.ggml.tokens", GgufType.STRING, tokens)
                .array("tokenizer.ggml.token_type", GgufType.INT32, types)
                .array("tokenizer.ggml.merges", GgufType.STRING, merges)
                .uint32("tokenizer.ggml.bos_token_id", WORDS + 1)
                .uint32("tokenizer.ggml.eos_token_id", WORDS + 2)
                .bool("tokenizer.ggml.add_bos_token", false)
                .text(
                        "tokenizer.chat_template",
                        "{% for message in messages %}{% if loop.first and messages[0]['role'] !="
                                + " 'system' %}{{ '<|im_start|>system\nBe brief.<|im_end|>\n' }}{%"
                                + " endif %}{{'<|im_start|>' + message['role'] + '\n' +"
                                + " message['content'] + '<|im_end|>' + '\n'}}{% endfor %}{% if"
                                + " add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif"
                                + " %}");
    }

    private void layer(String prefix) {
        vector(prefix + "attn_norm.weight");
        matrix(prefix + "attn_q.weight", WIDTH, WIDTH);
        matrix(prefix + "attn_k.weight", WIDTH / 2, WIDTH);
        matrix(prefix + "attn_v.weight", WIDTH / 2, WIDTH);
        matrix(prefix + "attn_output.weight", WIDTH, WIDTH);
        vector(prefix + "ffn_norm.weight");
        matrix(prefix + "ffn_gate.weight", WIDTH, WIDTH);
        matrix(prefix + "ffn_up.weight", WIDTH, WIDTH);
        matrix(prefix + "ffn_down.weight", WIDTH, WIDTH);
    }

    private void vector(String name) {
        zeros(name, DataType.F32, List.of((long) WIDTH), 4L * WIDTH);
    }

    /// The formats take turns.
    private void matrix(String name, int rows, int columns) {
        DataType type = MATRICES.get(matrices++ % MATRICES.size());
        zeros(name, type, List.of((long) rows, (long) columns), rows * type.bytes(columns));
    }

    private void zeros(String name, DataType type, List<Long> shape, long bytes) {
        file.tensor(name, type, shape, out -> out.write(ByteBuffer.allocate((int) bytes)));
    }
}
