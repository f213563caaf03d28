package dev.jebena.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.formats.ElementType;
import dev.jebena.formats.Npy;
import dev.jebena.formats.OnnxElement;
import dev.jebena.formats.OnnxGraph;
import dev.jebena.formats.OnnxModel;
import dev.jebena.formats.OnnxNode;
import dev.jebena.formats.OnnxTensor;
import dev.jebena.formats.OnnxType;
import dev.jebena.formats.OnnxValueInfo;
import dev.jebena.formats.PlainTensor;
import dev.jebena.formats.Torch;
import dev.jebena.json.Json;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShowFileTest {
    private static final PlainTensor WEIGHT =
            new PlainTensor(
                    "fc.weight",
                    ElementType.F32,
                    List.of(2L, 3L),
                    MemorySegment.ofArray(new byte[24]));
    private static final PlainTensor MASK =
            new PlainTensor(
                    "mask", ElementType.BOOL, List.of(5L), MemorySegment.ofArray(new byte[5]));

    @TempDir private Path folder;

    @Test
    void tensorsOfPyTorchAndNumPy() {
        Path torch = folder.resolve("w.pt");
        Torch.write(torch, List.of(WEIGHT, MASK));
        CommandRun shown = CommandRun.of("show", torch.toString());
        assertThat(shown.status()).as(shown.err()).isZero();
        assertThat(shown.out())
                .contains("format       PyTorch")
                .contains("parameters   11")
                .contains("fc.weight   F32    [2, 3]   24 B")
                .contains("mask        BOOL   [5]      5 B");
        Path numpy = folder.resolve("w.npz");
        Npy.write(numpy, List.of(WEIGHT, MASK), true);
        CommandRun json = CommandRun.of("show", numpy.toString(), "--json");
        assertThat(Json.object(Json.parse(json.out())))
                .containsEntry("format", "NumPy")
                .containsEntry("tensors", 2L)
                .extractingByKey("tensor_list")
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .contains(
                        Map.of("name", "mask", "type", "BOOL", "shape", List.of(5L), "bytes", 5L));
    }

    @Test
    void graphsOfOnnx() {
        Path file = folder.resolve("model.onnx");
        OnnxType type = OnnxType.tensor(OnnxElement.FLOAT, OnnxType.Dimension.of("N"));
        OnnxGraph graph =
                OnnxGraph.of(
                        "small",
                        List.of(OnnxNode.of("MatMul", List.of("x", "fc.weight"), List.of("y"))),
                        List.of(OnnxTensor.of(WEIGHT)),
                        List.of(OnnxValueInfo.of("x", type)),
                        List.of(OnnxValueInfo.of("y", type)));
        new OnnxModel(
                        8,
                        Map.of("", 13L),
                        new OnnxModel.Producer("test", "1"),
                        "",
                        0,
                        "",
                        graph,
                        Map.of("author", "nobody"),
                        List.of(),
                        List.of())
                .write(file);
        assertThat(CommandRun.of("show", file.toString()).out())
                .contains("opsets       ai.onnx: 13")
                .contains("inputs       x: float[N]")
                .contains("operators    MatMul: 1")
                .contains("author   nobody")
                .contains("fc.weight   FLOAT   [2, 3]   24 B");
        assertThat(CommandRun.of("show", file.toString(), "--graph").out())
                .contains("y = MatMul (x, \"fc.weight\")");
    }

    @Test
    void namesCannotChangeTheTerminal() {
        Path file = folder.resolve("w.pt");
        Torch.write(file, List.of(MASK.withName("a\u001b[31mb\u0007")));
        assertThat(CommandRun.of("show", file.toString()).out())
                .contains("a\uFFFD[31mb\uFFFD")
                .doesNotContain("\u001b");
    }

    @Test
    void wrongFilesAndOptions() throws IOException {
        Path file = Files.writeString(folder.resolve("bad.pt"), "this is text");
        CommandRun bad = CommandRun.of("show", file.toString());
        assertThat(bad.status()).isNotZero();
        assertThat(bad.err()).contains("bad.pt: this is no file of torch.save").hasLineCount(1);
        Npy.write(folder.resolve("a.npy"), WEIGHT);
        CommandRun graph = CommandRun.of("show", folder.resolve("a.npy").toString(), "--graph");
        assertThat(graph.err())
                .contains("has no graph to print; --graph is for ONNX and TensorFlow models");
        CommandRun template =
                CommandRun.of("show", folder.resolve("a.npy").toString(), "--template");
        assertThat(template.err()).contains("is a file of tensors");
    }
}
