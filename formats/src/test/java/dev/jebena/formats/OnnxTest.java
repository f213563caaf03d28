package dev.jebena.formats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.downloads.Downloads;
import dev.jebena.downloads.OnnxCase;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The models and values that the Python package `onnx` ships.
final class OnnxTest {
    @Test
    void everyModelIsReadCheckedAndWritten() throws IOException {
        List<String> wrong = new ArrayList<>();
        int models = 0;
        try (Stream<Path> files = Files.walk(Downloads.onnxTests())) {
            for (Path file : files.filter(f -> f.toString().endsWith(".onnx")).sorted().toList()) {
                models++;
                OnnxModel model = OnnxModel.load(file);
                OnnxChecker.problems(model).forEach(problem -> wrong.add(file + ": " + problem));
                OnnxModel again = OnnxModel.read(MemorySegment.ofArray(model.bytes()));
                assertThat(again).as(file.toString()).isEqualTo(model);
                assertThat(model.text()).contains(model.graph().nodes().getFirst().operator());
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(models).isGreaterThan(1_700);
    }

    @Test
    void everyValueIsRead() {
        int values = 0;
        for (String kind : List.of("node", "simple", "pytorch-converted", "pytorch-operator")) {
            for (OnnxCase test : OnnxCase.all(kind)) {
                OnnxGraph graph = OnnxModel.load(test.model()).graph();
                for (OnnxCase.DataSet data : test.dataSets()) {
                    values += readAll(data.inputs(), graph.inputs());
                    values += readAll(data.outputs(), graph.outputs());
                    assertThat(data.outputs()).as(test.name()).isNotEmpty();
                }
            }
        }
        assertThat(values).isGreaterThan(5_000);
    }

    private static int readAll(List<Path> files, List<OnnxValueInfo> declared) {
        for (int i = 0; i < files.size(); i++) {
            OnnxType type = declared.get(i).type();
            switch (OnnxValue.load(files.get(i), type)) {
                case OnnxValue.Tensor(OnnxTensor tensor)
                        when type instanceof OnnxType.Tensor(var element, _, _) ->
                        assertThat(tensor.element()).isEqualTo(element);
                case OnnxValue.Sequence _ -> assertThat(type).isInstanceOf(OnnxType.Sequence.class);
                case OnnxValue.Maybe _ -> assertThat(type).isInstanceOf(OnnxType.Maybe.class);
                case OnnxValue other -> throw new AssertionError(files.get(i) + ": " + other);
            }
        }
        return files.size();
    }
}
