package dev.jebena.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.base.ContentId;
import dev.jebena.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `jebena lineage` over what `quantize` has recorded.
class LineageCommandTest {
    @TempDir Path folder;

    @Test
    void aQuantizedFileLeadsBackToItsSource() throws IOException {
        Path source = ToyModels.chat();
        Path small = folder.resolve("small.gguf");
        CommandRun made = CommandRun.of("quantize", source.toString(), small.toString(), "Q8_0");
        assertThat(made.err()).doesNotContain("lineage");
        assertThat(made.status()).isZero();
        CommandRun tree = CommandRun.of("lineage", small.toString());
        assertThat(tree.out()).contains("came from", "quantize Q8_0");
        Map<?, ?> graph =
                (Map<?, ?>)
                        Objects.requireNonNull(
                                Json.parse(
                                        CommandRun.of("lineage", small.toString(), "--json")
                                                .out()));
        assertThat(graph.get("start")).isEqualTo(ContentId.of(small).toString());
        assertThat(String.valueOf(graph.get("items"))).contains(ContentId.of(source).toString());
        assertThat(CommandRun.of("lineage", source.toString(), "--format", "mermaid").out())
                .startsWith("graph LR");
        List<?> events =
                (List<?>)
                        Objects.requireNonNull(
                                Json.parse(
                                        CommandRun.of(
                                                        "lineage",
                                                        small.toString(),
                                                        "--format",
                                                        "openlineage")
                                                .out()));
        assertThat(events).isNotEmpty();
    }

    @Test
    void whatIsUnknownIsSaid() {
        assertThat(CommandRun.of("lineage", "nobody-knows-this").err())
                .contains("model 'nobody-knows-this' not found");
        assertThat(CommandRun.of("lineage", "sha256:" + "0".repeat(64)).out())
                .contains("nothing is known");
        assertThat(CommandRun.of("lineage", "x", "--depth", "0").status())
                .isEqualTo(ExitCode.USAGE);
    }
}
