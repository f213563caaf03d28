package dev.jebena.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.jebena.compute.DataType;
import dev.jebena.formats.Gguf;
import dev.jebena.formats.GgufType;
import dev.jebena.formats.GgufWriter;
import dev.jebena.formats.Quantizer;
import dev.jebena.formats.SafeTensors;
import dev.jebena.formats.SafeTensorsWriter;
import dev.jebena.formats.StoredTensor;
import dev.jebena.formats.TensorData;
import dev.jebena.json.Json;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Families without a golden model: one of another family is written under their names such that
/// the answers must be the golden ones.
class RearrangedModelsTest {
    private static final LlmOptions EXACT = LlmOptions.defaults().kvType(DataType.F32).exact(true);

    /// What Transformers calls the parts of a layer of BERT and of DistilBERT.
    private static final Map<String, String> DISTILLED =
            Map.of(
                    "attention.self.query", "attention.q_lin",
                    "attention.self.key", "attention.k_lin",
                    "attention.self.value", "attention.v_lin",
                    "attention.output.dense", "attention.out_lin",
                    "attention.output.LayerNorm", "sa_layer_norm",
                    "intermediate.dense", "ffn.lin1",
                    "output.dense", "ffn.lin2",
                    "output.LayerNorm", "output_layer_norm");

    @TempDir private Path temporary;

    /// A folder made from a golden model, in memory.
    private final class Changed {
        final GoldenModel golden;
        final Map<String, @Nullable Object> config = new LinkedHashMap<>();
        final Map<String, StoredTensor> tensors = new LinkedHashMap<>();
        final Path folder = temporary.resolve("folder");

        Changed(String name, Arena arena) throws IOException {
            golden = GoldenModel.open(name, temporary);
            ModelConverter.toFolder(
                    golden.file(), folder, ConversionOptions.defaults(), Quantizer.Progress.NONE);
            config.putAll(Json.object(Json.parse(Files.readString(folder.resolve("config.json")))));
            try (SafeTensors file = SafeTensors.open(folder)) {
                file.tensors()
                        .values()
                        .forEach(tensor -> {
                            MemorySegment copy = arena.allocate(tensor.data().byteSize(), 64);
                            copy.copyFrom(tensor.data());
                            put(tensor.name(), tensor.shape(), copy);
                        });
            }
        }

        void put(String name, List<Long> shape, MemorySegment data) {
            tensors.put(name, new StoredTensor(name, DataType.F32, shape, data));
        }

        void rename(String from, String to) {
            StoredTensor tensor = take(from);
            put(to, tensor.shape(), tensor.data());
        }

        StoredTensor take(String name) {
            StoredTensor tensor = tensors.remove(name);
            assertThat(tensor).as("%s of %s", name, tensors.keySet()).isNotNull();
            return tensor;
        }

        void withoutPrefix(String prefix) {
            for (String name : List.copyOf(tensors.keySet())) {
                if (name.startsWith(prefix)) {
                    rename(name, name.substring(prefix.length()));
                }
            }
        }

        Llm load() throws IOException {
            Files.delete(folder.resolve("model.safetensors"));
            Files.writeString(folder.resolve("config.json"), Json.write(config));
            SafeTensorsWriter writer = new SafeTensorsWriter();
            tensors.values()
                    .forEach(tensor ->
                            writer.tensor(
                                    tensor.name(),
                                    DataType.F32,
                                    tensor.shape(),
                                    out -> TensorData.copy(tensor.data(), out)));
            writer.write(folder.resolve("model.safetensors"));
            return Llm.load(folder, EXACT);
        }
    }

    private void assertVectors(Consumer<Changed> change) throws IOException {
        try (Arena arena = Arena.ofShared()) {
            Changed changed = new Changed("bert-F32", arena);
            changed.withoutPrefix("bert.");
            change.accept(changed);
            try (Llm llm = changed.load()) {
                for (int i = 0; i < changed.golden.sequences().size(); i++) {
                    float[] mean = GoldenModel.floats(changed.golden.expected().get(i).get("mean"));
                    float[] vector = llm.embed(changed.golden.sequences().get(i)).vector();
                    double squares = 0;
                    for (float value : mean) {
                        squares += (double) value * value;
                    }
                    for (int k = 0; k < mean.length; k++) {
                        mean[k] /= (float) Math.sqrt(squares);
                    }
                    assertThat(vector).containsExactly(mean, within(5e-3f));
                }
            }
        }
    }

    @Test
    void robertaCountsPositionsFromTwo() throws IOException {
        assertVectors(changed -> {
            asRoberta(changed, "roberta");
            for (String name : List.copyOf(changed.tensors.keySet())) {
                changed.rename(name, "roberta." + name);
            }
        });
    }

    @Test
    void xlmRobertaIsRoberta() throws IOException {
        assertVectors(changed -> asRoberta(changed, "xlm-roberta"));
    }

    private static void asRoberta(Changed changed, String type) {
        changed.config.put("model_type", type);
        changed.config.put("type_vocab_size", 1L);
        changed.config.put("pad_token_id", 1L);
        StoredTensor table = changed.take("embeddings.position_embeddings.weight");
        long width = table.shape().get(1);
        MemorySegment shifted = Arena.ofAuto().allocate(table.data().byteSize() + 8 * width, 64);
        // The two rows before the first position hold what no text may see.
        shifted.asSlice(0, 8 * width).fill((byte) 0x42);
        shifted.asSlice(8 * width).copyFrom(table.data());
        long positions = table.shape().get(0) + 2;
        changed.config.put("max_position_embeddings", positions);
        changed.put(table.name(), List.of(positions, width), shifted);
        StoredTensor types = changed.take("embeddings.token_type_embeddings.weight");
        changed.put(types.name(), List.of(1L, width), types.data().asSlice(0, 4 * width));
    }

    @Test
    void distilBertHasNoTypesOfTokens() throws IOException {
        assertVectors(changed -> {
            Map<String, @Nullable Object> config = changed.config;
            config.put("model_type", "distilbert");
            config.put("dim", config.remove("hidden_size"));
            config.put("n_heads", config.remove("num_attention_heads"));
            config.put("n_layers", config.remove("num_hidden_layers"));
            config.put("hidden_dim", config.remove("intermediate_size"));
            config.put("activation", config.remove("hidden_act"));
            config.remove("layer_norm_eps");
            StoredTensor types = changed.take("embeddings.token_type_embeddings.weight");
            StoredTensor positions = changed.take("embeddings.position_embeddings.weight");
            changed.put(positions.name(), positions.shape(), positions.data());
            MemorySegment table = positions.data();
            long width = types.shape().get(1);
            for (long i = 0; i < table.byteSize() / 4; i++) {
                float type = types.data().getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i % width);
                float position = table.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i);
                table.setAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i, position + type);
            }
            for (String name : List.copyOf(changed.tensors.keySet())) {
                changed.rename(name, "distilbert." + distilled(name));
            }
        });
    }

    private static String distilled(String name) {
        if (!name.startsWith("encoder.layer.")) {
            return name;
        }
        String[] parts = name.split("\\.", 4);
        int kind = parts[3].lastIndexOf('.');
        String part = parts[3].substring(0, kind);
        assertThat(DISTILLED).containsKey(part);
        return "transformer.layer.%s.%s%s"
                .formatted(parts[2], DISTILLED.get(part), parts[3].substring(kind));
    }

    /// Experts that are all the same, with weights that add up to 1, are one network.
    @Test
    void qwen3MoeAddsItsExpertsInSharesOfOne() throws IOException {
        try (Arena arena = Arena.ofShared()) {
            Changed changed = new Changed("qwen3-F32", arena);
            mixed(changed, arena);
            try (Llm llm = changed.load()) {
                assertThat(llm.info().architecture()).isEqualTo("qwen3moe");
                assertFirstTokens(changed.golden, llm);
            }
        }
    }

    /// As Mixtral's files were until 2024.
    @Test
    void expertsOfGgufFilesMayLieApart() {
        GoldenModel golden = GoldenModel.open("mixtral-F32", temporary);
        Path old = temporary.resolve("old.gguf");
        try (Gguf model = Gguf.open(golden.file())) {
            GgufWriter writer = new GgufWriter();
            copyMetadata(model, writer);
            model.tensors().values().forEach(tensor -> addApart(writer, tensor));
            writer.write(old);
        }
        try (Llm llm = Llm.load(old, EXACT)) {
            assertFirstTokens(golden, llm);
        }
    }

    private static void copyMetadata(Gguf model, GgufWriter writer) {
        model.metadata()
                .forEach((key, value) -> {
                    GgufType type = Objects.requireNonNull(model.metadataTypes().get(key));
                    if (value instanceof List<?> || value.getClass().isArray()) {
                        writer.array(key, type, value);
                    } else {
                        writer.value(key, type, value);
                    }
                });
    }

    /// Against llama.cpp's answers for the same file.
    @Test
    void falconMambaHasNormsOfStepsAndInputs() {
        GoldenModel golden = GoldenModel.open("mamba-F32", temporary);
        Path file = temporary.resolve("falcon-mamba.gguf");
        try (Gguf model = Gguf.open(golden.file())) {
            GgufWriter writer = new GgufWriter();
            copyMetadata(model, writer);
            writer.bool("mamba.ssm.dt_b_c_rms", true);
            model.tensors().values().forEach(writer::tensor);
            writer.write(file);
        }
        Path folder = temporary.resolve("folder");
        ModelConverter.toFolder(
                file, folder, ConversionOptions.defaults(), Quantizer.Progress.NONE);
        assertThat(folder.resolve("config.json"))
                .content()
                .contains("\"falcon_mamba\"", "FalconMambaForCausalLM");
        for (Path each : List.of(file, folder)) {
            try (Llm llm = Llm.load(each, EXACT)) {
                assertTop(
                        llm,
                        new int[] {11},
                        new int[] {96, 11, 197, 191, 173},
                        -1.18521f,
                        -2.12918f,
                        -3.12147f,
                        -3.29648f,
                        -3.47988f);
                assertTop(
                        llm,
                        new int[] {
                            302, 72, 163, 279, 269, 160, 286, 311, 148, 283, 4, 313, 100, 274, 206,
                            20, 143
                        },
                        new int[] {26, 279, 301, 50, 31},
                        -1.79953f,
                        -2.63843f,
                        -2.90447f,
                        -3.12289f,
                        -3.19947f);
            }
        }
    }

    private static void assertTop(Llm llm, int[] prompt, int[] ids, float... logprobs) {
        Generation one = Generation.defaults().temperature(0).maxTokens(1).logprobs(ids.length);
        try (Answer answer = llm.generate(prompt, one)) {
            Token token = answer.next();
            for (int i = 0; i < ids.length; i++) {
                assertThat(token.top().get(i).id()).isEqualTo(ids[i]);
                assertThat(token.top().get(i).logprob()).isCloseTo(logprobs[i], within(1e-3f));
            }
        }
    }

    private static void addApart(GgufWriter writer, StoredTensor tensor) {
        if (!tensor.name().contains("_exps.")) {
            writer.tensor(tensor);
            return;
        }
        List<Long> shape = tensor.shape();
        long bytes = tensor.data().byteSize() / shape.getFirst();
        for (long i = 0; i < shape.getFirst(); i++) {
            writer.tensor(
                    new StoredTensor(
                            tensor.name().replace("_exps.", "." + i + "."),
                            tensor.type(),
                            shape.subList(1, 3),
                            tensor.data().asSlice(i * bytes, bytes)));
        }
    }

    private static void assertFirstTokens(GoldenModel golden, Llm llm) {
        Generation one = Generation.defaults().temperature(0).maxTokens(1).logprobs(5);
        for (int i = 0; i < golden.sequences().size(); i++) {
            GoldenModel.Step step = GoldenModel.steps(golden.expected().get(i)).getFirst();
            try (Answer answer = llm.generate(golden.sequences().get(i), one)) {
                Token token = answer.next();
                for (int k = 0; k < 5; k++) {
                    assertThat(token.top().get(k).logprob())
                            .isCloseTo(step.topLogprobs()[k], within(golden.tolerance()));
                }
            }
        }
    }

    private static void mixed(Changed changed, Arena arena) {
        int experts = 4;
        changed.config.put("model_type", "qwen3_moe");
        changed.config.put("num_experts", (long) experts);
        changed.config.put("num_experts_per_tok", 2L);
        changed.config.put("norm_topk_prob", true);
        changed.config.put("decoder_sparse_step", 1L);
        changed.config.put("moe_intermediate_size", changed.config.get("intermediate_size"));
        for (String name : List.copyOf(changed.tensors.keySet())) {
            if (!name.contains(".mlp.")) {
                continue;
            }
            StoredTensor tensor = changed.take(name);
            for (int i = 0; i < experts; i++) {
                String own = name.replace(".mlp.", ".mlp.experts." + i + ".");
                changed.put(own, tensor.shape(), tensor.data());
            }
            if (name.contains("gate_proj")) {
                long width = tensor.shape().get(1);
                MemorySegment router = arena.allocate(4L * experts * width, 64);
                for (long i = 0; i < experts * width; i++) {
                    router.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) Math.sin(7.0 * i));
                }
                changed.put(
                        name.replace("gate_proj", "gate"), List.of((long) experts, width), router);
            }
        }
    }
}
