package dev.jebena.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainCommandTest {
    @TempDir private Path folder;

    @BeforeEach
    void write() throws IOException {
        StringBuilder table = new StringBuilder("size,kind\n");
        for (int i = 0; i < 100; i++) {
            table.append(i % 10).append(i % 10 < 5 ? ",small\n" : ",large\n");
        }
        Files.writeString(folder.resolve("sizes.csv"), table);
        recipe(
                """
                [data]
                kind = "table"
                file = "sizes.csv"
                [model]
                kind = "mlp"
                hidden = [8]
                [optimizer]
                rate = 0.05
                [training]
                steps = 40
                evaluate = 20
                """);
    }

    private void recipe(String text) throws IOException {
        Files.writeString(folder.resolve("sizes.toml"), text);
    }

    private CommandRun train(String... options) {
        String[] words = new String[options.length + 2];
        words[0] = "train";
        words[1] = folder.resolve("sizes.toml").toString();
        System.arraycopy(options, 0, words, 2, options.length);
        return CommandRun.of(words);
    }

    @Test
    void trainingEndsWithMetricsAndWeights() {
        CommandRun run = train();
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("80 examples, 20 held out; 34 parameters, 2 outputs; 40 steps")
                .contains("accuracy 1.0000")
                .contains("sizes.safetensors");
        assertThat(run.err()).contains("20/40").contains("step 20, held out: loss");
        assertThat(folder.resolve("sizes.safetensors")).exists();
    }

    @Test
    void jsonIsOneObjectAndASecondRunHasNothingLeftToDo() {
        train();
        CommandRun run = train("--json");
        Map<String, @Nullable Object> report = Json.object(Json.parse(run.out()));
        assertThat(report)
                .containsEntry("steps", 40L)
                .containsEntry("resumedAt", 40L)
                .containsEntry("loss", null);
        assertThat(Json.object(report.get("metrics"))).containsEntry("accuracy", 1.0);
        assertThat(run.err()).contains("going on from");
        Map<String, @Nullable Object> anew =
                Json.object(Json.parse(train("--json", "--fresh").out()));
        assertThat(anew).containsEntry("resumedAt", 0L);
        assertThat(Json.array(anew.get("evaluations"))).hasSize(2);
    }

    @Test
    void aCheckTrainsNothing() {
        CommandRun run = train("--check");
        assertThat(run.status()).isZero();
        assertThat(run.out()).contains("80 examples");
        assertThat(folder.resolve("sizes.safetensors")).doesNotExist();
    }

    @Test
    void whatIsWrongIsOneMessageWithoutAStackTrace() throws IOException {
        recipe("[data]\nfile = \"sizes.csv\"\n[model]\nkind = \"mlpp\"\nhiden = 8\n");
        CommandRun run = train();
        assertThat(run.status()).isEqualTo(ExitCode.FAILED);
        assertThat(run.err())
                .contains("sizes.toml cannot be used:")
                .contains("[model] kind: there is no \"mlpp\"; did you mean \"mlp\"?")
                .contains("did you mean hidden?")
                .doesNotContain("\tat ");
        recipe(
                """
                [data]
                file = "sizes.csv"
                target = "size"
                task = "numbers"
                [optimizer]
                kind = "sgd"
                rate = 1e6
                """);
        assertThat(train().err()).contains("the loss is").contains("learning rate");
        assertThat(CommandRun.of("train", "none.toml").err()).contains("none.toml");
    }

    @Test
    void javaFilesNeedTheLauncher() throws IOException {
        Path file = Files.writeString(folder.resolve("Hello.java"), "void main() {}");
        CommandRun run = CommandRun.of("java", file.toString(), "--some", "argument");
        assertThat(run.status()).isEqualTo(ExitCode.FAILED);
        assertThat(run.err()).contains("./jebena java");
        assertThat(CommandRun.of("java", "none.java").err()).contains("there is no file none.java");
    }
}
