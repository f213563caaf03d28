package dev.jebena.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TensorFlowTest {
    @TempDir private Path folder;

    @Test
    void checkpointsOfEveryType() throws IOException {
        GoldenFiles golden = GoldenFiles.unpack("tensorflow", folder);
        for (String name : List.of("types.index", "saved/variables/variables.index")) {
            try (PlainTensors file = Checkpoint.open(golden.file(name))) {
                assertThat(GoldenFiles.found(file)).as(name).isEqualTo(golden.expected().get(name));
            }
        }
    }

    @Test
    void constantsInEveryEncoding() throws IOException {
        GoldenFiles golden = GoldenFiles.unpack("tensorflow", folder);
        TensorFlowGraph graph = TensorFlowGraph.load(golden.file("constants.pb"));
        assertThat(GoldenFiles.found(graph.constants().values()))
                .isEqualTo(golden.expected().get("constants.pb"));
        TensorFlowGraph.Node text =
                graph.nodes().stream()
                        .filter(node -> node.name().equals("text"))
                        .findFirst()
                        .orElseThrow();
        assertThat(text.attribute("value"))
                .contains(
                        new TensorFlowAttribute.Texts(
                                List.of(2L), List.of(Bytes.utf8("a"), Bytes.utf8("é"))));
    }

    @Test
    void aFrozenGraph() throws IOException {
        GoldenFiles golden = GoldenFiles.unpack("tensorflow", folder);
        TensorFlowGraph graph = TensorFlowGraph.load(golden.file("frozen.pb"));
        assertThat(graph.nodes())
                .extracting(TensorFlowGraph.Node::operator)
                .contains("Placeholder", "Const", "MatMul", "AddV2", "Relu");
        TensorFlowGraph.Node product =
                graph.nodes().stream()
                        .filter(node -> node.operator().equals("MatMul"))
                        .findFirst()
                        .orElseThrow();
        assertThat(product.inputs().getFirst()).isEqualTo("x");
        assertThat(product.attribute("transpose_a")).contains(new TensorFlowAttribute.Flag(false));
        assertThat(product.attribute("T"))
                .contains(new TensorFlowAttribute.Type(TensorFlowType.DT_FLOAT));
    }

    @Test
    void aSavedModel() throws IOException {
        GoldenFiles golden = GoldenFiles.unpack("tensorflow", folder);
        SavedModel model = SavedModel.load(golden.file("saved"));
        SavedModel.MetaGraph graph = model.graphs().getFirst();
        assertThat(graph.tags()).containsExactly("serve");
        assertThat(graph.producer()).startsWith("2.");
        SavedModel.Signature signature =
                Objects.requireNonNull(graph.signatures().get("serving_default"));
        assertThat(signature.inputs())
                .isEqualTo(
                        Map.of(
                                "x",
                                new SavedModel.TensorInfo(
                                        "serving_default_x:0",
                                        TensorFlowType.DT_FLOAT,
                                        Optional.of(List.of(-1L, 3L)))));
        assertThat(signature.outputs()).containsOnlyKeys("y");
        assertThat(graph.graph().functions())
                .anySatisfy(function -> {
                    assertThat(function.nodes())
                            .extracting(TensorFlowGraph.Node::operator)
                            .contains("ReadVariableOp", "MatMul", "Relu");
                    assertThat(function.returns()).isNotEmpty();
                });
        assertThat(model.hasVariables()).isTrue();
        try (PlainTensors variables = model.variables()) {
            assertThat(variables.plain("w/.ATTRIBUTES/VARIABLE_VALUE").shape())
                    .isEqualTo(List.of(3L, 2L));
            assertThat(variables.others()).containsOnlyKeys("_CHECKPOINTABLE_OBJECT_GRAPH");
        }
    }

    @Test
    void damagedCheckpoints() throws IOException {
        GoldenFiles golden = GoldenFiles.unpack("tensorflow", folder);
        Path index = golden.file("types.index");
        Path data = golden.file("types.data-00000-of-00001");
        byte[] bytes = Files.readAllBytes(data);
        Files.write(data, Mutations.overwrite(bytes, 3, 1, 77));
        assertRefused(index, "its checksum is");
        Files.write(data, Arrays.copyOf(bytes, 100));
        assertRefused(index, "the file is truncated");
        Files.delete(data);
        assertRefused(index, "there is no such file");
        Files.write(data, bytes);
        byte[] table = Files.readAllBytes(index);
        Files.write(index, Mutations.overwrite(table, 20, 1, 77));
        assertRefused(index, "the block's checksum is");
        Files.write(index, Arrays.copyOf(table, table.length - 1));
        assertRefused(index, "it does not end as an index of TensorFlow's does");
    }

    private static void assertRefused(Path index, String message) {
        assertThatThrownBy(() -> Checkpoint.open(index))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("types.")
                .hasMessageContaining(message);
    }
}
