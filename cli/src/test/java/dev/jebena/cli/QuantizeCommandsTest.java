package dev.jebena.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuantizeCommandsTest {
    private static final String TOY = ToyModels.chat().toString();

    @TempDir private Path folder;

    private Path text() throws IOException {
        Path file = folder.resolve("prose.txt");
        Files.writeString(file, "Coffee is roasted, ground and boiled three times. ".repeat(40));
        return file;
    }

    private static Map<String, @Nullable Object> json(CommandRun run) {
        assertThat(run.status()).as(run.err()).isZero();
        return Json.object(Json.parse(run.out()));
    }

    @Test
    void aModelIsMeasuredQuantizedAndMeasuredAgain() throws IOException {
        String prose = text().toString();
        String imatrix = folder.resolve("toy.imatrix").toString();
        String small = folder.resolve("toy-Q8_0.gguf").toString();
        Map<String, @Nullable Object> measured =
                json(
                        CommandRun.of(
                                "imatrix",
                                TOY,
                                prose,
                                "-o",
                                imatrix,
                                "--context",
                                "64",
                                "--chunks",
                                "2",
                                "--json"));
        assertThat(measured).containsEntry("chunks", 2L).containsEntry("context", 64L);
        Map<String, @Nullable Object> written =
                json(CommandRun.of("quantize", TOY, small, "q8_0", "--imatrix", imatrix, "--json"));
        assertThat(written).containsEntry("type", "Q8_0");
        assertThat((Long) written.get("bytesAfter")).isLessThan((Long) written.get("bytesBefore"));
        double before = perplexity(TOY, prose);
        assertThat(perplexity(small, prose)).isBetween(0.98 * before, 1.02 * before);
    }

    private static double perplexity(String model, String prose) {
        Map<String, @Nullable Object> report =
                json(CommandRun.of("perplexity", model, prose, "--context", "64", "--json"));
        return ((Number) Objects.requireNonNull(report.get("perplexity"))).doubleValue();
    }

    @Test
    void withoutJsonOneLineTellsTheResult() throws IOException {
        String small = folder.resolve("toy.gguf").toString();
        CommandRun run = CommandRun.of("quantize", TOY, small, "F16");
        assertThat(run.out()).startsWith(small + ": ").endsWith("\n").contains(" in F16, 50 % of ");
        CommandRun score = CommandRun.of("perplexity", small, text().toString(), "--context", "64");
        assertThat(score.out()).matches("perplexity [\\d.]+ ± [\\d.]+ over \\d+ tokens in .*\\R");
    }

    @Test
    void wrongUseIsOneMessage() throws IOException {
        String small = folder.resolve("toy-Q8_0.gguf").toString();
        assertThat(CommandRun.of("quantize", TOY, small, "Q9").err())
                .contains("\"Q9\" is no type that can be written")
                .contains("Q4_K_M");
        assertThat(CommandRun.of("quantize", TOY, TOY, "Q8_0").err()).contains("another place");
        assertThat(CommandRun.of("perplexity", TOY, small).err()).contains("there is no file");
        assertThat(CommandRun.withInput("short", "perplexity", TOY, "-", "--context", "64").err())
                .contains("less than one chunk of 64");
    }
}
