package dev.jebena.transformers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jebena.base.Problem;
import dev.jebena.formats.ElementType;
import dev.jebena.formats.PlainTensor;
import dev.jebena.formats.Torch;
import dev.jebena.json.Json;
import dev.jebena.nn.Weights;
import dev.jebena.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Weights in all forms that repositories have, tasks from cards and classes, and bad folders.
class ModelFilesTest {
    private static final TinyModel MODEL = TinyModel.of("bert-fill-mask");

    @TempDir Path folder;

    private void answers() {
        TinyModel.Call call = MODEL.calls().getFirst();
        try (Pipeline pipeline = Transformers.load(folder)) {
            assertThat(pipeline.task()).isEqualTo(Task.FILL_MASK);
            SameAnswer.check(
                    "fill-mask", pipeline.run(call.inputs(), call.parameters()), call.answer());
        }
    }

    @Test
    void safetensorsInPartsAreRead() throws IOException {
        MODEL.writeSettings(folder);
        Map<String, String> places = new LinkedHashMap<>();
        List<Map<String, Tensor>> parts = parts();
        for (int i = 0; i < parts.size(); i++) {
            String name = "model-0000%d-of-00002.safetensors".formatted(i + 1);
            new Weights(parts.get(i), Map.of()).save(folder.resolve(name));
            parts.get(i).keySet().forEach(tensor -> places.put(tensor, name));
        }
        Files.writeString(
                folder.resolve("model.safetensors.index.json"),
                Json.write(Map.of("weight_map", places)));
        answers();
    }

    @Test
    void picklesAreRead() {
        MODEL.writeSettings(folder);
        Torch.write(folder.resolve("pytorch_model.bin"), plain(MODEL.weights()));
        answers();
    }

    @Test
    void picklesInPartsAreRead() throws IOException {
        MODEL.writeSettings(folder);
        Map<String, String> places = new LinkedHashMap<>();
        List<Map<String, Tensor>> parts = parts();
        for (int i = 0; i < parts.size(); i++) {
            String name = "pytorch_model-0000%d-of-00002.bin".formatted(i + 1);
            Torch.write(folder.resolve(name), plain(parts.get(i)));
            parts.get(i).keySet().forEach(tensor -> places.put(tensor, name));
        }
        Files.writeString(
                folder.resolve("pytorch_model.bin.index.json"),
                Json.write(Map.of("weight_map", places)));
        answers();
    }

    @Test
    void namesOfNormsFromTensorFlowAreRead() {
        MODEL.writeSettings(folder);
        Map<String, Tensor> older = new LinkedHashMap<>();
        MODEL.weights()
                .forEach((name, tensor) ->
                        older.put(
                                name.replace("LayerNorm.weight", "LayerNorm.gamma")
                                        .replace("LayerNorm.bias", "LayerNorm.beta"),
                                tensor));
        new Weights(older, Map.of()).save(folder.resolve("model.safetensors"));
        answers();
    }

    @Test
    void anIndexCannotReachOtherFolders() throws IOException {
        MODEL.writeSettings(folder);
        Files.writeString(
                folder.resolve("pytorch_model.bin.index.json"),
                Json.write(Map.of("weight_map", Map.of("a", "../secret.bin"))));
        assertThatThrownBy(() -> Transformers.load(folder))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("must name .bin files of the same folder")
                .hasMessageContaining("../secret.bin");
    }

    @Test
    void aCardTellsTheTask() throws IOException {
        TinyModel.of("bert-zero-shot-classification").write(folder);
        assertThat(Transformers.taskOf(folder)).contains(Task.TEXT_CLASSIFICATION);
        Files.writeString(
                folder.resolve("README.md"),
                "---\nlicense: mit\npipeline_tag: zero-shot-classification\n---\n# A model\n");
        assertThat(Transformers.taskOf(folder)).contains(Task.ZERO_SHOT_CLASSIFICATION);
        Files.writeString(
                folder.resolve("README.md"), "---\npipeline_tag: depth-estimation\n---\n");
        assertThat(Transformers.taskOf(folder)).contains(Task.TEXT_CLASSIFICATION);
    }

    @Test
    void anotherTaskThanTheModelsIsRefused() {
        MODEL.write(folder);
        assertThatThrownBy(() -> Transformers.load(folder, Task.QUESTION_ANSWERING))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("is a BertForMaskedLM")
                .hasMessageContaining("made for fill-mask");
    }

    @Test
    void anUnknownArchitectureIsRefusedWithThoseThatAreKnown() throws IOException {
        MODEL.write(folder);
        Files.writeString(
                folder.resolve("config.json"),
                "{\"model_type\":\"reformer\",\"architectures\":[\"ReformerForMaskedLM\"]}");
        assertThatThrownBy(() -> Transformers.load(folder))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("model_type 'reformer' is not computed")
                .hasMessageContaining("modernbert")
                .hasMessageContaining("pegasus");
    }

    @Test
    void missingAndMisshapenTensorsAreNamed() {
        MODEL.writeSettings(folder);
        Map<String, Tensor> weights = MODEL.weights();
        weights.remove("bert.encoder.layer.1.attention.self.query.weight");
        new Weights(weights, Map.of()).save(folder.resolve("model.safetensors"));
        assertThatThrownBy(() -> Transformers.load(folder))
                .isInstanceOf(Problem.class)
                .hasMessageContaining(
                        "lack the tensor bert.encoder.layer.1.attention.self.query.weight");
        weights.put("bert.encoder.layer.1.attention.self.query.weight", Tensor.zeros(8, 32));
        new Weights(weights, Map.of()).save(folder.resolve("model.safetensors"));
        assertThatThrownBy(() -> Transformers.load(folder))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("[8, 32]")
                .hasMessageContaining("[32, 32]");
    }

    @Test
    void aFolderWithoutAModelIsRefused() {
        assertThatThrownBy(() -> Transformers.load(folder))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("no config.json");
        MODEL.writeSettings(folder);
        assertThatThrownBy(() -> Transformers.load(folder))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("there are no weights")
                .hasMessageContaining("model.safetensors or pytorch_model.bin");
        assertThatThrownBy(() -> Transformers.load("./no/such/folder"))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("there is no folder ./no/such/folder");
    }

    private static List<Map<String, Tensor>> parts() {
        List<Map<String, Tensor>> parts = List.of(new LinkedHashMap<>(), new LinkedHashMap<>());
        int i = 0;
        for (Map.Entry<String, Tensor> tensor : MODEL.weights().entrySet()) {
            parts.get(i++ % 2).put(tensor.getKey(), tensor.getValue());
        }
        return parts;
    }

    private static List<PlainTensor> plain(Map<String, Tensor> tensors) {
        List<PlainTensor> plain = new ArrayList<>();
        tensors.forEach((name, tensor) -> {
            int[] dims = tensor.shape().toArray();
            List<Long> shape =
                    LongStream.range(0, dims.length).mapToObj(i -> (long) dims[(int) i]).toList();
            plain.add(new PlainTensor(name, ElementType.F32, shape, tensor.memory()));
        });
        return plain;
    }
}
