package dev.jebena.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jebena.base.ContentId;
import dev.jebena.base.Problem;
import dev.jebena.base.ProgressListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelStoreTest {
    @TempDir Path folder;
    private ModelStore store;

    @BeforeEach
    void open() {
        store = ModelStore.open(folder.resolve("home"));
    }

    private StoredModel create(String name, String modelfile) {
        return store.create(name, Modelfile.parse(modelfile, folder), ProgressListener.none());
    }

    private void write(String file, byte[] bytes) throws IOException {
        Path path = folder.resolve(file);
        Files.createDirectories(path.getParent());
        Files.write(path, bytes);
    }

    @Test
    void aModelFromAFileIsShownWithItsDetailsAndOptions() throws IOException {
        write("tiny.gguf", TinyGguf.of("tiny", 1000));

        StoredModel model =
                create(
                        "tiny",
                        "FROM tiny.gguf\nPARAMETER temperature 0.5\nPARAMETER stop X\nSYSTEM Hello.\nLICENSE MIT\nMESSAGE user hi\nTEMPLATE {{ .Prompt }}");

        assertThat(model).isEqualTo(store.model("tiny:latest"));
        assertThat(model.path())
                .hasFileName("tiny.gguf")
                .hasBinaryContent(TinyGguf.of("tiny", 1000));
        assertThat(model.details().family()).isEqualTo("llama");
        assertThat(model.details().parameterSize()).isEqualTo("1.00K");
        assertThat(model.details().contextLength()).isEqualTo(2048);
        assertThat(model.parameters()).isEqualTo(Map.of("temperature", 0.5, "stop", List.of("X")));
        assertThat(model.system()).isEqualTo("Hello.");
        assertThat(model.licenses()).containsExactly("MIT");
        assertThat(model.messages()).containsExactly(new ModelMessage("user", "hi"));
        assertThat(model.hasJinjaTemplate()).isFalse();
        assertThat(store.metadata(model).values()).containsEntry("general.architecture", "llama");
        assertThat(store.metadata(model).capabilities()).containsExactly("completion");
        assertThat(store.list()).containsExactly(model.summary());
        assertThat(store.modelfile(model)).contains("FROM /").contains("SYSTEM Hello.");
        assertThat(ModelParameters.print(model.parameters()))
                .contains("temperature                    0.5")
                .contains("stop                           \"X\"");
    }

    @Test
    void aModelFromAModelInheritsAndOverrides() throws IOException {
        write("tiny.gguf", TinyGguf.of("tiny", 8));
        create("base", "FROM tiny.gguf\nPARAMETER temperature 0.5\nPARAMETER top_k 7\nSYSTEM Old.");

        StoredModel derived = create("derived", "FROM base\nPARAMETER top_k 9\nSYSTEM New.");

        assertThat(derived.parameters()).isEqualTo(Map.of("temperature", 0.5, "top_k", 9L));
        assertThat(derived.system()).isEqualTo("New.");
        assertThat(derived.details().parentModel()).isEqualTo("base:latest");
        store.remove("base");
        assertThat(store.model("derived").path()).exists();
    }

    @Test
    void copiesShareTheirPartsAndRemovingTheLastFreesThem() throws IOException {
        write("tiny.gguf", TinyGguf.of("tiny", 8));
        create("a", "FROM tiny.gguf");
        store.copy("a", "b:x");

        assertThat(store.model("b:x").digest()).isEqualTo(store.model("a").digest());
        store.remove("a");
        assertThat(store.model("b:x").path()).exists();
        store.remove("b:x");
        assertThat(store.list()).isEmpty();
        assertThat(store.blobs().list()).isEmpty();
        assertThatThrownBy(() -> store.remove("a"))
                .isInstanceOfSatisfying(Problem.class, p -> assertThat(p.status()).isEqualTo(404))
                .hasMessageContaining("model 'a' not found");
    }

    @Test
    void uploadedFilesBecomeAModel() {
        byte[] bytes = TinyGguf.of("up", 8);
        ContentId id = store.blobs().put(bytes);
        store.blobs().pin(id);
        ModelRecipe recipe =
                ModelRecipe.ofRequest(
                        null,
                        Map.of("tiny.gguf", id),
                        Map.of(),
                        Map.of("temperature", 1, "stop", List.of("a", "b")),
                        "{{ .Prompt }}",
                        null,
                        List.of(),
                        List.of());

        StoredModel model = store.create("up", recipe, ProgressListener.none());

        assertThat(model.path()).hasBinaryContent(bytes);
        assertThat(model.parameters())
                .isEqualTo(Map.of("temperature", 1.0, "stop", List.of("a", "b")));
        store.remove("up");
        assertThat(store.blobs().contains(id)).isFalse();
    }

    @Test
    void namesDifferingInCaseOnlyAreOneModel() throws IOException {
        write("tiny.gguf", TinyGguf.of("tiny", 8));
        create("Tiny", "FROM tiny.gguf");

        assertThat(store.model("tiny").name()).hasToString("Tiny:latest");
        create("TINY", "FROM tiny.gguf");
        assertThat(store.list()).hasSize(1);
    }

    @Test
    void splitFilesAndFoldersKeepTheirNames() throws IOException {
        write(
                "m/config.json",
                "{\"model_type\":\"bert\",\"max_position_embeddings\":512}".getBytes(UTF_8));
        write("m/tokenizer.json", "{}".getBytes(UTF_8));
        write("m/modules.json", "[]".getBytes(UTF_8));
        write("m/1_Pooling/config.json", "{}".getBytes(UTF_8));
        write("m/onnx/model.onnx", new byte[9]);
        write("m/README.md", new byte[9]);
        byte[] header =
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[3,5],\"data_offsets\":[0,60]}}"
                        .getBytes(UTF_8);
        byte[] weights = new byte[8 + header.length + 60];
        weights[0] = (byte) header.length;
        System.arraycopy(header, 0, weights, 8, header.length);
        write("m/model.safetensors", weights);

        StoredModel model = create("minilm", "FROM ./m");

        assertThat(model.path()).isDirectory();
        assertThat(model.path().resolve("model.safetensors")).hasBinaryContent(weights);
        assertThat(model.path().resolve("1_Pooling/config.json")).exists();
        assertThat(model.path().resolve("README.md")).doesNotExist();
        assertThat(model.details().parameterCount()).isEqualTo(15);
        assertThat(model.details().quantization()).isEqualTo("F32");
        assertThat(store.metadata(model).capabilities()).containsExactly("embedding");

        Files.createSymbolicLink(folder.resolve("link"), folder.resolve("m"));
        StoredModel linked = create("linked", "FROM ./link");
        assertThat(linked.path()).isEqualTo(model.path());
    }

    @Test
    void foldersOfTheStoreMayBeLinks() throws IOException {
        write("tiny.gguf", TinyGguf.of("tiny", 8));
        Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
        Path models = Files.createDirectories(folder.resolve("other/models"));
        Files.createSymbolicLink(models.resolve("manifests"), elsewhere);
        store = ModelStore.open(folder.resolve("other"));

        create("a", "FROM tiny.gguf");

        assertThat(store.list()).hasSize(1);
        assertThat(store.model("a").path()).exists();
    }

    @Test
    void badFilesAreRefusedBeforeAnythingIsStored() throws IOException {
        write("bad.gguf", "GGUF and then nothing".getBytes(UTF_8));
        write("folder/x.txt", new byte[1]);

        for (String from : List.of("bad.gguf", "./folder", "./missing.gguf")) {
            assertThatThrownBy(() -> create("x", "FROM " + from)).isInstanceOf(Problem.class);
        }
        assertThatThrownBy(() -> create("x", "FROM nowhere"))
                .hasMessageContaining("model 'nowhere:latest' not found");
        assertThat(store.list()).isEmpty();
        assertThat(store.blobs().list()).isEmpty();
    }

    @Test
    void aDamagedManifestIsListedAndCanBeRemovedAndKeepsItsParts() throws IOException {
        write("tiny.gguf", TinyGguf.of("tiny", 8));
        create("a", "FROM tiny.gguf");
        Path manifest = folder.resolve("home/models/manifests/jebena/library/a/latest");
        Files.writeString(manifest, Files.readString(manifest).replace("\"layers\":", "\"lay"));

        assertThat(store.list())
                .singleElement()
                .satisfies(m -> assertThat(m.details().format()).isEqualTo("damaged"));
        assertThatThrownBy(() -> store.model("a")).hasMessageContaining("jebena rm a:latest");
        store.collect();
        assertThat(store.blobs().list()).isNotEmpty();
        store.remove("a");
        assertThat(store.blobs().list()).isEmpty();
    }

    @Test
    void brokenViewsAreMadeAgain() throws IOException {
        write("tiny.gguf", TinyGguf.of("tiny", 8));
        StoredModel model = create("a", "FROM tiny.gguf");
        Files.delete(model.path());

        assertThat(store.model("a").path()).exists();
        try (Stream<Path> views = Files.list(folder.resolve("home/models/views"))) {
            assertThat(views).hasSize(1);
        }
    }
}
