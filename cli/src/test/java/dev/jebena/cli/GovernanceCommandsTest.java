package dev.jebena.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `card`, `licence`, `openness` and `scan`.
class GovernanceCommandsTest {
    @TempDir Path folder;

    private static Map<?, ?> json(CommandRun run) {
        return (Map<?, ?>) Objects.requireNonNull(Json.parse(run.out()));
    }

    @Test
    void anUnsafeFileGivesExitCodeTwo() throws IOException {
        Path file = folder.resolve("a.pkl");
        Files.write(file, "cos\nsystem\n(S'true'\ntR.".getBytes(StandardCharsets.ISO_8859_1));
        CommandRun run = CommandRun.of("scan", file.toString(), "--imports");
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.out())
                .isEqualTo(
                        """
                        unsafe   pickle   a.pkl   imports os.system (starts programs, reaches files and the system)
                        a.pkl imports os.system: dangerous
                        do not load it; ask for the weights as safetensors
                        unsafe: 1 file scanned, 1 finding
                        """);
        Map<?, ?> report = json(CommandRun.of("scan", file.toString(), "--json"));
        assertThat(report.get("status")).isEqualTo("unsafe");
    }

    /// What `docs/governance.md` shows is what the program prints.
    @Test
    void thePageShowsWhatIsPrinted() throws IOException {
        String page =
                Files.readString(
                        Path.of(System.getProperty("jebena.root", ".."), "docs/governance.md"));
        Path pickled = folder.resolve("model.pt");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(pickled))) {
            zip.putNextEntry(new ZipEntry("archive/data.pkl"));
            zip.write("cposix\nsystem\n(S'true'\ntR.".getBytes(StandardCharsets.ISO_8859_1));
        }
        assertThat(page)
                .contains(
                        "$ jebena scan model.pt\n"
                                + CommandRun.of("scan", pickled.toString()).out());
        Files.writeString(
                folder.resolve("README.md"),
                "---\nlicense: mit\nbase_model: a/b\nbase_model_relation: finetune\n---\n");
        CommandRun licence =
                CommandRun.of("licence", folder.toString(), "--known", "a/b=cc-by-nc-4.0");
        assertThat(licence.out().lines().toList().subList(0, 6)).allMatch(page::contains);
    }

    @Test
    void aModelOfTheStoreIsScannedWithItsHashes() {
        ToyModels.store("toy", ToyModels.chat());
        CommandRun run = CommandRun.of("scan", "toy");
        assertThat(run.out()).contains("scanned, 0 findings");
        assertThat(run.status()).isZero();
        assertThat(CommandRun.of("scan", "nobody-knows-this").err()).contains("not found");
    }

    @Test
    void aNewCardPassesItsCheck() throws IOException {
        Path card = folder.resolve("README.md");
        CommandRun made =
                CommandRun.of(
                        "card",
                        "new",
                        ToyModels.chat().toString(),
                        "--set",
                        "license=mit",
                        "-o",
                        card.toString());
        assertThat(made.err()).isEmpty();
        assertThat(made.status()).isZero();
        assertThat(Files.readString(card)).contains("license: mit", "| architecture | llama |");
        assertThat(CommandRun.of("card", "check", folder.toString()).status()).isZero();
        assertThat(CommandRun.of("card", "new", folder.toString(), "-o", card.toString()).err())
                .contains("is there already");
        assertThat(CommandRun.of("card", "show", folder.toString()).out())
                .contains("license", "mit");
        assertThat(CommandRun.of("card", "show", folder.toString(), "--html").out())
                .contains("<h1>");
    }

    @Test
    void aWrongCardGivesExitCodeOne() throws IOException {
        Path card = folder.resolve("README.md");
        Files.writeString(card, "---\nlicense: appache-2.0\n---\n# m\n");
        CommandRun run = CommandRun.of("card", "check", card.toString());
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out())
                .startsWith("2: error: \"license\" must be one of [")
                .contains("did you mean apache-2.0?");
        Map<?, ?> report = json(CommandRun.of("card", "check", card.toString(), "--json"));
        assertThat(report.get("valid")).isEqualTo(false);
        assertThat(CommandRun.of("card", "check", folder.resolve("no").toString()).err())
                .contains("there is no card at");
    }

    @Test
    void licencesInConflictGiveExitCodeOne() throws IOException {
        Files.writeString(
                folder.resolve("README.md"),
                "---\nlicense: mit\nbase_model: a/b\nbase_model_relation: finetune\n---\n");
        CommandRun run = CommandRun.of("license", folder.toString(), "--known", "a/b=cc-by-nc-4.0");
        assertThat(run.out())
                .contains(
                        "MIT: MIT License (attribution)",
                        "conflict: finetune a/b (CC-BY-NC-4.0), base_model of the card",
                        "CC-BY-NC-4.0 is for non-commercial use only, MIT allows more");
        assertThat(run.status()).isEqualTo(1);
        CommandRun fine =
                CommandRun.of("licence", folder.toString(), "--known", "a/b=apache-2.0", "--json");
        assertThat(fine.status()).isZero();
        assertThat(json(fine).get("license")).isEqualTo("MIT");
    }

    @Test
    void theLineageTellsWhatAFileWasQuantizedFrom() {
        Path small = folder.resolve("small.gguf");
        Path source = ToyModels.chat();
        assertThat(CommandRun.of("quantize", source.toString(), small.toString(), "Q8_0").status())
                .isZero();
        CommandRun run =
                CommandRun.of(
                        "licence",
                        small.toString(),
                        "--known",
                        source.getFileName() + "=cc-by-nd-4.0");
        assertThat(CommandRun.of("card", "new", small.toString()).out())
                .contains(
                        "It was made of `"
                                + source.getFileName()
                                + "` (the lineage: quantize Q8_0).");
        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .contains(
                        "quantized "
                                + source.getFileName()
                                + " (CC-BY-ND-4.0), the lineage: quantize Q8_0");
    }

    @Test
    void theOpennessReportComesInThreeForms() throws IOException {
        Files.writeString(folder.resolve("README.md"), "---\nlicense: mit\n---\n# m\n");
        String name = folder.toString();
        assertThat(CommandRun.of("openness", name).out())
                .startsWith("# Openness of ")
                .contains("| Model card | open | MIT | `README.md` |");
        assertThat(CommandRun.of("openness", name, "--format", "html").out())
                .startsWith("<!DOCTYPE html>");
        assertThat(json(CommandRun.of("openness", name, "--json")).get("class")).isEqualTo(0L);
    }
}
