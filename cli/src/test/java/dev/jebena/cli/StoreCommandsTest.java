package dev.jebena.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreCommandsTest {
    @BeforeEach
    void storeToy() {
        ToyModels.store("toy", ToyModels.chat());
    }

    private static CommandRun done(CommandRun run) {
        assertThat(run.status()).as(run.err()).isZero();
        return run;
    }

    private static List<String> names() {
        return Json.array(Json.parse(done(CommandRun.of("list", "--json")).out())).stream()
                .map(model -> String.valueOf(Json.object(model).get("name")))
                .toList();
    }

    @Test
    void aCopyIsListedUntilItIsRemoved() {
        done(CommandRun.of("cp", "toy", "copy"));
        assertThat(names()).contains("toy:latest", "copy:latest");
        assertThat(done(CommandRun.of("ls")).out())
                .startsWith("NAME ")
                .containsPattern("copy:latest +[0-9a-f]{12} +1\\.3 MB +328.32K +F32 +just now");
        done(CommandRun.of("rm", "copy"));
        assertThat(names()).contains("toy:latest").doesNotContain("copy:latest");
    }

    @Test
    void createReadsAModelfileAndShowWritesIt(@TempDir Path folder) throws IOException {
        Path file =
                Files.writeString(
                        folder.resolve("Modelfile"),
                        """
                        FROM toy
                        SYSTEM Be brief.
                        PARAMETER temperature 0.5
                        PARAMETER stop END
                        TEMPLATE \"""{{ messages[0].content }}\"""
                        LICENSE Free for all
                        """);
        assertThat(done(CommandRun.of("create", "brief", "-f", file.toString())).out()).isEmpty();
        assertThat(CommandRun.of("show", "brief", "--system").out()).isEqualTo("Be brief.\n");
        assertThat(CommandRun.of("show", "brief", "--license").out()).isEqualTo("Free for all\n");
        assertThat(CommandRun.of("show", "brief", "--template").out())
                .isEqualTo("{{ messages[0].content }}\n");
        assertThat(CommandRun.of("show", "brief", "--parameters").out())
                .contains("temperature", "0.5", "END");
        assertThat(CommandRun.of("show", "brief").out()).contains("Be brief.", "Free for all");

        String written = done(CommandRun.of("show", "brief", "--modelfile")).out();
        done(CommandRun.withInput(written, "create", "again", "-f", "-"));
        assertThat(CommandRun.of("show", "again", "--modelfile").out()).isEqualTo(written);
        done(CommandRun.of("rm", "brief", "again"));
    }

    @Test
    void showPrintsJsonOfAModelOfTheStoreAndOfAFile() {
        for (String model : List.of("toy", ToyModels.chat().toString())) {
            Map<String, ?> fields =
                    Json.object(Json.parse(done(CommandRun.of("show", model, "--json")).out()));
            assertThat(fields.get("family")).isEqualTo("llama");
            assertThat(fields.get("quantization")).isEqualTo("F32");
            assertThat(fields.get("context_length")).isEqualTo(256L);
            assertThat(Path.of(String.valueOf(fields.get("path")))).exists();
        }
    }

    @Test
    void doctorPrintsJson() {
        Map<String, ?> facts =
                Json.object(Json.parse(done(CommandRun.of("doctor", "--json")).out()));
        assertThat(facts.get("data folder")).isEqualTo(ToyModels.HOME.toString());
        assertThat(done(CommandRun.of("doctor")).out())
                .contains("kernels", "cores", "CPU features", "executable memory");
    }
}
