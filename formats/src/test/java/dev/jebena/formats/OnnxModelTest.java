package dev.jebena.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OnnxModelTest {
    private static final OnnxType FLOAT = OnnxType.tensor(OnnxElement.FLOAT);

    @TempDir private Path folder;

    @Test
    void everyElementTypeInEveryEncoding() throws IOException {
        GoldenFiles golden = GoldenFiles.unpack("onnx", folder);
        golden.expected()
                .forEach((name, expected) -> {
                    OnnxModel model = OnnxModel.load(golden.file(name));
                    model.check();
                    assertThat(GoldenFiles.found(numbers(model))).as(name).isEqualTo(expected);
                    OnnxModel whole = OnnxModel.read(MemorySegment.ofArray(model.bytes()));
                    assertThat(GoldenFiles.found(numbers(whole))).as(name).isEqualTo(expected);
                });
        OnnxTensor text =
                OnnxModel.load(golden.file("types.onnx")).graph().initializers().stream()
                        .filter(tensor -> tensor.name().equals("text"))
                        .findFirst()
                        .orElseThrow();
        assertThat(text.contents())
                .isEqualTo(new OnnxTensor.Texts(List.of(Bytes.utf8("a"), Bytes.utf8("é"))));
        assertThatThrownBy(text::plain).hasMessageContaining("elements of type STRING");
    }

    @Test
    void everythingThatAModelCanHold() throws IOException {
        GoldenFiles golden = GoldenFiles.unpack("onnx", folder);
        OnnxModel model = OnnxModel.load(golden.file("rich.onnx"));
        assertThat(model.metadata()).containsEntry("κ", "é");
        assertThat(model.opsets()).isEqualTo(Map.of("", 21L, "own", 1L));
        assertThat(model.rest()).as("training and configuration").hasSize(2);
        OnnxNode node = model.graph().nodes().get(1);
        assertThat(node.inputs()).containsExactly("z", "", "sparse");
        assertThat(node.attribute("ints")).contains(new OnnxAttribute.Ints(List.of(1L, -1L)));
        assertThat(node.attributes()).hasSize(13);
        assertThat(model.graph().annotations()).isEqualTo(Map.of("z", Map.of("SCALE_TENSOR", "x")));
        assertThat(model.text())
                .contains("float[N,3] x")
                .contains("y = own.Everything <f = 0.0, floats = [1.0, 2.0], i = 0, ints = [1, -1]")
                .contains("tps = [map(string, optional(float[]))]")
                .contains("d = LeakyRelu <alpha = @f> (a)")
                .contains("else_branch = else () => (float[] e)");
        OnnxModel again = OnnxModel.read(MemorySegment.ofArray(model.bytes()));
        assertThat(again).isEqualTo(model);
        assertThat(again.bytes()).isEqualTo(model.bytes());
    }

    @Test
    void tensorsInAnotherFile() throws IOException {
        GoldenFiles golden = GoldenFiles.unpack("onnx", folder);
        OnnxModel model = OnnxModel.load(golden.file("external.onnx"));
        Path moved = folder.resolve("moved.onnx");
        model.write(moved, 1);
        OnnxModel again = OnnxModel.load(moved);
        assertThat(again.graph().initializers())
                .extracting(tensor -> tensor.contents().getClass().getSimpleName())
                .containsExactly("External", "External");
        assertThat(Files.size(folder.resolve("moved.onnx.data"))).isEqualTo(4096 + 14);
        assertThat(numbers(again))
                .zipSatisfy(
                        numbers(model),
                        (a, b) -> assertThat(a.data().mismatch(b.data())).isEqualTo(-1));
        assertThatThrownBy(() -> OnnxModel.read(MemorySegment.ofArray(Files.readAllBytes(moved))))
                .hasMessageContaining("the tensor \"a\" lies in another file");
    }

    @Test
    void otherFilesCannotBeReached() throws IOException {
        Path secret = Files.write(folder.resolve("secret"), new byte[8]);
        Path inner = Files.createDirectory(folder.resolve("model"));
        Files.createSymbolicLink(inner.resolve("link"), secret);
        Files.write(inner.resolve("short"), new byte[7]);
        assertRefused(inner, "../secret", 0, "is not a file of the model's folder");
        assertRefused(inner, secret.toString(), 0, "is not a file of the model's folder");
        assertRefused(inner, "link", 0, "is not a file of the model's folder");
        assertRefused(inner, "", 0, "is not a file of the model's folder");
        assertRefused(inner, "a\\b", 0, "is not a file of the model's folder");
        assertRefused(inner, "a\0b", 0, "is not a file of the model's folder");
        assertRefused(inner, "missing", 0, "not in the model's folder; download it, too");
        assertRefused(inner, "short", 0, "takes 8 bytes, but the file has 7");
        assertRefused(inner, "short", -1, "has the offset \"-1\"");
    }

    private static void assertRefused(Path inner, String location, long offset, String message) {
        Bytes data = Bytes.of(MemorySegment.ofArray(new byte[8]));
        OnnxTensor.External external = new OnnxTensor.External(location, offset, "", data);
        OnnxTensor tensor =
                new OnnxTensor(
                        "w", OnnxElement.FLOAT, List.of(2L), external, "", Map.of(), List.of());
        Path file = inner.resolve("model.onnx");
        OnnxWriter.write(model(List.of(tensor)), file, Set.of(external));
        assertThatThrownBy(() -> OnnxModel.load(file))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("the tensor \"w\"")
                .hasMessageContaining(message);
    }

    @Test
    void graphsThatMakeNoSense() {
        assertProblem(
                "the graph has a cycle: \"Neg -> b\" -> \"Add -> a\" -> \"Neg -> b\"",
                OnnxNode.of("Add", List.of("x", "b"), List.of("a")),
                OnnxNode.of("Neg", List.of("a"), List.of("b")),
                OnnxNode.of("Abs", List.of("b"), List.of("y")));
        assertProblem(
                "the node \"Abs -> y\" uses \"a\" before the node \"Neg -> a\" makes it; sort the nodes",
                OnnxNode.of("Abs", List.of("a"), List.of("y")),
                OnnxNode.of("Neg", List.of("x"), List.of("a")));
        assertProblem(
                "nothing makes the input \"q\" of the node \"Abs -> y\"",
                OnnxNode.of("Abs", List.of("q"), List.of("y")));
        assertProblem(
                "nothing makes the output \"y\"", OnnxNode.of("Abs", List.of("x"), List.of("z")));
        assertProblem(
                "\"y\" is made by two nodes",
                OnnxNode.of("Abs", List.of("x"), List.of("y")),
                OnnxNode.of("Neg", List.of("x"), List.of("y")));
        assertProblem(
                "\"x\" is made by the node \"Abs -> x\", but stands for something else already",
                OnnxNode.of("Abs", List.of("x"), List.of("x")),
                OnnxNode.of("Neg", List.of("x"), List.of("y")));
        assertThatCode(() ->
                        model(List.of(), OnnxNode.of("Abs", List.of("x"), List.of("y"))).check())
                .doesNotThrowAnyException();
    }

    @Test
    void longCyclesAndChains() {
        OnnxNode[] nodes = new OnnxNode[100_000];
        for (int i = 0; i < nodes.length; i++) {
            nodes[i] = OnnxNode.of("Abs", List.of("v" + (i + 1)), List.of("v" + i));
        }
        assertProblem("sort the nodes", last(nodes, "x"));
        assertProblem("the graph has a cycle: ", last(nodes, "v0"));
    }

    private static OnnxNode[] last(OnnxNode[] nodes, String input) {
        OnnxNode[] copy = Arrays.copyOf(nodes, nodes.length + 1);
        copy[nodes.length - 1] =
                OnnxNode.of("Abs", List.of(input), List.of("v" + (nodes.length - 1)));
        copy[nodes.length] = OnnxNode.of("Abs", List.of("v0"), List.of("y"));
        return copy;
    }

    @Test
    void filesThatMakeNoSense() {
        assertRefused(new byte[0], "there is no graph; this is no ONNX model");
        assertRefused(new byte[] {0x3a, 5, 0}, "field 7 of ModelProto: it needs 5 bytes");
        assertRefused(new byte[] {0x0a, 0}, "expected wire type 0, found 2");
        assertRefused(new byte[] {0x0b}, "wire type 0, found 3");
        assertRefused("GGUF".getBytes(StandardCharsets.UTF_8), "the ONNX model: byte 0");
        OnnxTensor huge =
                new OnnxTensor(
                        "w",
                        OnnxElement.FLOAT,
                        List.of(1L << 40, 1L << 40),
                        new OnnxTensor.Plain(Bytes.utf8("")),
                        "",
                        Map.of(),
                        List.of());
        assertRefused(model(List.of(huge)).bytes(), "the tensor \"w\" is too large");
        OnnxTensor large =
                new OnnxTensor(
                        "w",
                        OnnxElement.FLOAT,
                        List.of(1L << 30),
                        new OnnxTensor.Plain(Bytes.utf8("abcd")),
                        "",
                        Map.of(),
                        List.of());
        assertRefused(
                model(List.of(large)).bytes(),
                "the tensor \"w\" of FLOAT[1073741824] takes 4294967296 bytes, the file has 4");
    }

    private static void assertRefused(byte[] bytes, String message) {
        assertThatThrownBy(() -> OnnxModel.read(MemorySegment.ofArray(bytes)))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining(message);
    }

    private static void assertProblem(String message, OnnxNode... nodes) {
        OnnxModel model = model(List.of(), nodes);
        assertThatThrownBy(model::check)
                .isInstanceOf(FormatException.class)
                .hasMessageContaining(message);
    }

    private static List<PlainTensor> numbers(OnnxModel model) {
        return model.graph().initializers().stream()
                .filter(tensor -> tensor.element() != OnnxElement.STRING)
                .map(OnnxTensor::plain)
                .toList();
    }

    private static OnnxModel model(List<OnnxTensor> initializers, OnnxNode... nodes) {
        OnnxGraph graph =
                OnnxGraph.of(
                        "test",
                        List.of(nodes),
                        initializers,
                        List.of(OnnxValueInfo.of("x", FLOAT)),
                        List.of(OnnxValueInfo.of("y", FLOAT)));
        return OnnxModel.of(8, Map.of("", 13L), "test", graph);
    }
}
