package dev.jebena.formats;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Damaged files of NumPy, PyTorch, ONNX and TensorFlow are opened or refused; nothing else
/// happens.
final class PlainFuzzTest {
    @TempDir private Path folder;

    @ParameterizedTest
    @CsvSource({
        "numpy, float32.npy",
        "numpy, cube_fortran_big.npy",
        "numpy, stored.npz",
        "numpy, deflated.npz",
        "torch, views.pt",
        "torch, checkpoint_4.pt",
        "torch, views_legacy.pt",
        "torch, state_dict_legacy.pt",
        "torch, script.pt"
    })
    void damaged(String kind, String name) throws IOException {
        byte[] original = Files.readAllBytes(GoldenFiles.unpack(kind, folder).file(name));
        Path file = folder.resolve("damaged-" + name);
        int opened = Fuzz.run(random -> Fuzz.write(file, Mutations.damage(original, random)));
        assertThat(opened).isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"types.onnx", "rich.onnx", "external.onnx"})
    void damagedModels(String name) throws IOException {
        byte[] original = Files.readAllBytes(GoldenFiles.unpack("onnx", folder).file(name));
        Path file = folder.resolve("damaged-" + name);
        int opened =
                Fuzz.run(
                        random -> Fuzz.write(file, Mutations.damage(original, random)),
                        PlainFuzzTest::openOnnx);
        assertThat(opened).isGreaterThanOrEqualTo(name.equals("external.onnx") ? 0 : 1);
    }

    // Without AssertJ, whose own first calls take megabytes.
    private static void openOnnx(Path path) throws IOException {
        OnnxModel model = OnnxModel.read(MemorySegment.ofArray(Files.readAllBytes(path)));
        OnnxModel again = OnnxModel.read(MemorySegment.ofArray(model.bytes()));
        if (!again.equals(model)
                || model.text().isEmpty()
                || OnnxChecker.problems(model).size() > 20) {
            throw new AssertionError("written, it says something else");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "frozen.pb",
                "constants.pb",
                "saved/saved_model.pb",
                "saved/variables/variables.index"
            })
    void damagedTensorFlow(String name) throws IOException {
        Path file = GoldenFiles.unpack("tensorflow", folder).file(name);
        byte[] original = Files.readAllBytes(file);
        int opened =
                Fuzz.run(
                        random -> Fuzz.write(file, Mutations.damage(original, random)),
                        PlainFuzzTest::openTensorFlow);
        assertThat(opened).isPositive();
    }

    private static void openTensorFlow(Path path) throws IOException {
        String name = path.getFileName().toString();
        if (name.endsWith(".index")) {
            Checkpoint.open(path).close();
            return;
        }
        // Mappings end when the collector gets to them; there must not be thousands until then.
        try (Arena arena = Arena.ofConfined()) {
            MappedFile file = MappedFile.open(path, arena);
            TensorFlowReader reader = TensorFlowReader.of(file);
            ProtobufReader in = ProtobufReader.of(file.bytes(), "it", file::problem);
            if (name.startsWith("saved")) {
                var _ = reader.savedModel(in);
            } else {
                var _ = reader.graph(in).text();
            }
        }
    }
}
