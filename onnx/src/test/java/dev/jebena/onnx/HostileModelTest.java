package dev.jebena.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jebena.formats.FormatException;
import dev.jebena.formats.OnnxAttribute;
import dev.jebena.formats.OnnxFunction;
import dev.jebena.formats.OnnxModel;
import dev.jebena.formats.OnnxNode;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Models from strangers: one clear error each.
class HostileModelTest {
    @TempDir Path folder;

    private static OnnxNode node(String operator, String output, String... inputs) {
        return OnnxNode.of(operator, List.of(inputs), List.of(output));
    }

    private static void refused(OnnxModel model, String... parts) {
        assertThatThrownBy(() -> OnnxProgram.of(model).run(Map.of("x", Tensor.zeros(1))))
                .isInstanceOfAny(OnnxException.class, FormatException.class)
                .message()
                .contains(parts)
                .hasSizeLessThan(1_000);
    }

    @Test
    void cyclesAreNamed() {
        Models models =
                new Models()
                        .node(node("Add", "a", "x", "b"))
                        .node(node("Abs", "b", "a"))
                        .node(node("Neg", "y", "a"));
        refused(models.build(13, 1), "cycle", "Add -> a", "Abs -> b");
    }

    @Test
    void hugeShapesAreAnErrorOfTheNode() {
        Tensor dims = Tensor.of(new long[] {1L << 20, 1L << 20}, 2);
        Models models =
                new Models()
                        .constant("dims", dims)
                        .node(node("ConstantOfShape", "c", "dims"))
                        .node(node("Add", "y", "x", "c"));
        refused(models.build(13, 1), "Add", "1048576");
        Models overflowing =
                new Models()
                        .constant("dims", Tensor.of(new long[] {1L << 40, 1L << 40}, 2))
                        .node(node("ConstantOfShape", "y", "dims"));
        refused(overflowing.build(13, 1), "ConstantOfShape");
        Models scaled =
                new Models()
                        .constant("scales", Tensor.of(new float[] {1e18f}, 1))
                        .node(node("Resize", "y", "x", "", "scales"));
        refused(scaled.build(13, 1), "Resize");
    }

    @Test
    void filesOutsideOfTheFolderAreNotRead() throws IOException {
        Files.write(folder.resolve("secret"), new byte[4_096]);
        Path inner = Files.createDirectories(folder.resolve("inner"));
        Models models =
                new Models().constant("w", Tensor.zeros(1_024)).node(node("Add", "y", "x", "w"));
        Path file = inner.resolve("model.onnx");
        models.build(13, 1_024).write(file, 1);
        OnnxProgram.load(file).run(Map.of("x", Tensor.zeros(1_024)));
        byte[] bytes = Files.readAllBytes(file);
        String name = "model.onnx.data";
        int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(name);
        byte[] other = "./..///..secret".getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(other, 0, bytes, at, other.length);
        Files.write(file, bytes);
        assertThatThrownBy(() -> OnnxProgram.load(file)).isInstanceOf(FormatException.class);
        System.arraycopy(
                "..///////secret".getBytes(StandardCharsets.US_ASCII), 0, bytes, at, other.length);
        Files.write(file, bytes);
        assertThatThrownBy(() -> OnnxProgram.load(file))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("not a file of the model's folder");
    }

    @Test
    void typesAndMissingInputsAreNamed() {
        OnnxProgram program = OnnxProgram.of(new Models().node(node("Abs", "y", "x")).build(13, 2));
        assertThatThrownBy(() -> program.run(Map.of("x", Tensor.full(Shape.of(2), 1, DType.INT64))))
                .isInstanceOf(OnnxException.class)
                .hasMessageContaining("\"x\" is int64, the model needs FLOAT");
        refused(new Models().node(node("Conv", "y", "x")).build(13, 1), "Conv", "input 1");
        refused(new Models().node(node("BatchNormalization", "y", "x")).build(13, 1), "input");
        refused(new Models().node(node("Add", "y")).build(13, 1), "Add", "input 0");
    }

    @Test
    void attributesOfTheWrongKindAreNamed() {
        OnnxNode softmax =
                OnnxNode.of(
                        "Softmax",
                        List.of("x"),
                        List.of("y"),
                        OnnxAttribute.of("axis", new OnnxAttribute.Real(1)));
        refused(new Models().node(softmax).build(13, 1), "axis", "Real", "Int");
    }

    @Test
    void prefixesOfAFileAreRefusedOrRun() {
        Models models =
                new Models()
                        .constant("w", Tensor.ones(4, 3))
                        .node(node("MatMul", "m", "x", "w"))
                        .node(node("Relu", "y", "m"));
        byte[] bytes = models.build(13, 2, 4).bytes();
        int refused = 0;
        for (int length = 0; length < bytes.length; length++) {
            MemorySegment part = MemorySegment.ofArray(Arrays.copyOf(bytes, length));
            try {
                OnnxProgram.of(OnnxModel.read(part)).run(Map.of("x", Tensor.zeros(2, 4)));
            } catch (FormatException | OnnxException e) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(bytes.length / 2);
    }

    @Test
    void functionsThatCallThemselvesOrExplodeAreRefused() {
        refused(withFunctions(function("f", "f")), "calls itself");
        List<OnnxFunction> doubling = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            String next = i == 59 ? "" : "f" + (i + 1);
            doubling.add(function(i == 0 ? "f" : "f" + i, next));
        }
        refused(withFunctions(doubling.toArray(OnnxFunction[]::new)), "nodes");
    }

    /// A function that calls another twice, or none.
    private static OnnxFunction function(String name, String other) {
        String domain = other.isEmpty() ? "" : "own";
        String operator = other.isEmpty() ? "Abs" : other;
        List<OnnxNode> nodes =
                List.of(call(operator, domain, "a", "b"), call(operator, domain, "b", "c"));
        return new OnnxFunction(
                name,
                "own",
                "",
                List.of("a"),
                List.of("c"),
                List.of(),
                List.of(),
                nodes,
                Map.of("", 13L, "own", 1L),
                List.of(),
                "",
                Map.of(),
                List.of());
    }

    private static OnnxNode call(String operator, String domain, String input, String output) {
        return new OnnxNode(
                "",
                operator,
                domain,
                "",
                List.of(input),
                List.of(output),
                List.of(),
                "",
                Map.of(),
                List.of());
    }

    private static OnnxModel withFunctions(OnnxFunction... functions) {
        OnnxModel model = new Models().node(call("f", "own", "x", "y")).build(13, 1);
        return new OnnxModel(
                model.irVersion(),
                Map.of("", 13L, "own", 1L),
                model.producer(),
                "",
                0,
                "",
                model.graph(),
                Map.of(),
                List.of(functions),
                List.of());
    }
}
