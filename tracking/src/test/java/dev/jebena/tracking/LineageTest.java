package dev.jebena.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jebena.base.ContentId;
import dev.jebena.base.HttpJson;
import dev.jebena.base.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// From data over a run and its model to a quantized file.
class LineageTest {
    @TempDir Path folder;

    private FolderTrackingClient client;
    private Lineage lineage;
    private ContentId data;
    private ContentId weights;
    private ContentId quantized;
    private String run;

    @BeforeEach
    void aChain() throws IOException {
        client = new FolderTrackingClient(folder.resolve("tracking"));
        lineage = Lineage.of(client.tracking());
        Path csv = Files.writeString(folder.resolve("digits.csv"), "1,2,3\n");
        Path model = Files.writeString(folder.resolve("model.gguf"), "weights");
        data = ContentId.of(csv);
        weights = ContentId.of(model);
        quantized = ContentId.of("small");
        TrackerOptions bare =
                TrackerOptions.defaults().code(null).environment(false).systemMetrics(null);
        run =
                Tracker.of(client)
                        .with(bare)
                        .run(
                                "train",
                                Map.of(),
                                r -> {
                                    r.input("digits", csv, "training");
                                    r.artifact("model/weights.gguf", model);
                                    r.artifact("note.txt", "a brother");
                                    r.register("reader", "model");
                                    return r.id();
                                });
        lineage.record(
                "quantize q4_0",
                List.of(LineageItem.file(weights, "weights.gguf")),
                List.of(LineageItem.file(quantized, "small.gguf")));
    }

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void theQuantizedFileLeadsBackToTheData() {
        LineageGraph graph = lineage.graph(quantized.toString(), 10);
        assertThat(graph.items().keySet())
                .containsExactlyInAnyOrder(
                        quantized.toString(), weights.toString(), "run:" + run, data.toString());
        assertThat(graph.edges())
                .extracting(LineageEdge::job)
                .containsExactly("quantize q4_0", "wrote", "read");
        assertThat(graph.whole()).isTrue();
    }

    @Test
    void theDataLeadsToEverythingThatCameOfIt() {
        LineageGraph graph = lineage.graph(data.toString(), 10);
        assertThat(graph.items().keySet())
                .contains(
                        "run:" + run, weights.toString(), "version:reader/1", quantized.toString());
        String tree = LineageText.tree(graph);
        assertThat(tree).contains("went into", "read: run train", "quantize q4_0: file small.gguf");
        assertThat(lineage.graph(data.toString(), 1).whole()).isFalse();
    }

    @Test
    void aVersionComesFromItsRunAndFilesButNotFromTheRunsOtherFiles() {
        LineageGraph graph = lineage.graph("version:reader/1", 10);
        assertThat(graph.items().keySet())
                .containsExactlyInAnyOrder(
                        "version:reader/1", "run:" + run, weights.toString(), data.toString());
    }

    @Test
    void itIsAlsoMermaidAndOpenLineage() {
        lineage.record(
                "odd \"job\"",
                List.of(LineageItem.source("hf.co/a/b\"]")),
                List.of(LineageItem.file(weights, "weights.gguf")));
        LineageGraph graph = lineage.graph(quantized.toString(), 10);
        String mermaid = LineageText.mermaid(graph);
        assertThat(mermaid).startsWith("graph LR\n").contains("-->|\"quantize q4_0\"|");
        assertThat(mermaid).contains("odd #34;job#34;").doesNotContain("b\"]\"");
        List<Map<String, Object>> events =
                OpenLineage.events(graph).stream().map(e -> Map.<String, Object>copyOf(e)).toList();
        assertThat(events).hasSize(3);
        String text = HttpJson.text(events);
        assertThat(text)
                .contains("\"eventType\":\"COMPLETE\"")
                .contains(run.substring(0, 8) + "-")
                .contains("\"name\":\"" + data + "\"");
    }

    @Test
    void unknownThingsAreSaid() {
        assertThatThrownBy(() -> lineage.graph("run:" + "0".repeat(32), 10))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("there is no run");
        LineageGraph nothing = lineage.graph("sha256:" + "0".repeat(64), 10);
        assertThat(LineageText.tree(nothing)).contains("nothing is known");
        assertThat(lineage.runId(run.substring(0, 6))).hasValue("run:" + run);
        assertThat(lineage.runId("zz%")).isEmpty();
    }
}
