package dev.jebena.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `jebena train --track` and `jebena reproduce` over a data folder.
class ReproduceCommandTest {
    private static final String SIZES =
            """
            seed = 5
            experiment = "sizes of things"
            [data]
            kind = "table"
            file = "data/sizes.csv"
            [model]
            kind = "mlp"
            hidden = [8]
            dropout = 0.1
            [optimizer]
            rate = 0.05
            [training]
            steps = 40
            evaluate = 20
            clip-norm = 1
            """;

    @TempDir Path folder;
    private Path code;
    private String place;

    @BeforeEach
    void write() throws Exception {
        code = Files.createDirectories(folder.resolve("code"));
        place = folder.resolve("runs").toString();
        StringBuilder table = new StringBuilder("size,weight,kind\n");
        for (int i = 0; i < 100; i++) {
            table.append(i % 10).append(',').append(i % 7);
            table.append(i % 10 < 5 ? ",small\n" : ",large\n");
        }
        Files.createDirectories(code.resolve("data"));
        Files.writeString(code.resolve("data/sizes.csv"), table);
        Files.writeString(code.resolve("sizes.toml"), SIZES);
        Files.writeString(code.resolve(".gitignore"), "*.safetensors\ndata/\n");
        git("init", "-q");
        git("add", ".");
        git("-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "-m", "all");
    }

    private void git(String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of("git", "-C", code.toString()));
        command.addAll(List.of(words));
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }

    private Map<String, @Nullable Object> train(String... options) {
        List<String> words =
                new ArrayList<>(List.of("train", code.resolve("sizes.toml").toString()));
        words.addAll(List.of("--fresh", "--json", "--track", place));
        words.addAll(List.of(options));
        CommandRun run = CommandRun.of(words.toArray(String[]::new));
        assertThat(run.status()).as(run.err()).isZero();
        return Json.object(Json.parse(run.out()));
    }

    private CommandRun reproduce(String... options) {
        List<String> words = new ArrayList<>(List.of("reproduce", "--at", place));
        words.addAll(List.of(options));
        return CommandRun.of(words.toArray(String[]::new));
    }

    private Map<String, @Nullable Object> shown(Object run) {
        CommandRun shown = CommandRun.of("runs", "show", run.toString(), "--json", "--at", place);
        assertThat(shown.status()).as(shown.err()).isZero();
        return Json.object(Json.parse(shown.out()));
    }

    @Test
    void aTrainingIsRecordedWithAllThatItDependsOn() {
        Object id = train().get("run");
        Map<String, @Nullable Object> run = shown(String.valueOf(id));
        assertThat(run).containsEntry("name", "sizes").containsEntry("status", "FINISHED");
        assertThat(Json.object(run.get("params")))
                .containsEntry("seed", "5")
                .containsEntry("optimizer.rate", "0.05")
                .containsEntry("optimizer", "AdamW")
                .containsEntry("steps", "40")
                .containsEntry("clip_norm", "1.0")
                .doesNotContainKey("experiment");
        assertThat(Json.object(run.get("metrics")))
                .containsKeys("loss", "learning_rate", "gradient_norm", "held_out/accuracy");
        assertThat(Json.object(run.get("tags")))
                .containsEntry("jebena.code.changed", "false")
                .containsKeys("mlflow.source.git.commit", "jebena.kernels");
        assertThat(String.valueOf(run.get("inputs"))).contains("data/sizes.csv", "sha256");
    }

    @Test
    void aRunMadeAgainIsTheSameEvenWithoutItsFiles() throws IOException {
        train();
        Files.writeString(code.resolve("sizes.toml"), SIZES.replace("0.05", "0.1"));
        Files.writeString(code.resolve("data/sizes.csv"), "size,kind\n1,small\n2,large\n");
        CommandRun run = reproduce("sizes");
        assertThat(run.out()).contains("identical: 1").contains("files");
        assertThat(run.status()).as(run.out() + run.err()).isZero();
        // The user's own files stay as they are.
        assertThat(Files.readString(code.resolve("sizes.toml"))).contains("0.1");
        // So is what was made again.
        CommandRun third = reproduce("sizes (again)", "--json");
        assertThat(third.status()).as(third.err()).isZero();
        assertThat(Json.object(Json.parse(third.out()))).containsEntry("identical", true);
    }

    @Test
    void changesThatAreNotCommittedAreMadeAgainToo() throws Exception {
        Files.writeString(code.resolve("sizes.toml"), SIZES.replace("0.05", "0.07"));
        Files.writeString(code.resolve("new.txt"), "not committed");
        Object id = train().get("run");
        git("checkout", "-q", "sizes.toml");
        Files.delete(code.resolve("new.txt"));
        Path into = folder.resolve("again");
        CommandRun run = reproduce(String.valueOf(id), "--into", into.toString());
        assertThat(run.status()).as(run.out() + run.err()).isZero();
        assertThat(into.resolve("files/new.txt")).hasContent("not committed");
        assertThat(into.resolve("results/sizes.safetensors")).exists();
        assertThat(Files.readString(into.resolve("files/sizes.toml"))).contains("0.07");
    }

    @Test
    void withAnotherSeedItSaysWhereTheDifferenceBegins() {
        train();
        CommandRun run = reproduce("sizes", "--seed", "6");
        assertThat(run.status()).isEqualTo(ExitCode.FAILED);
        assertThat(run.out())
                .contains("DIFFERENT before the first step, in 1.weight")
                .containsPattern("loss +from step 1 ")
                .contains("model/sizes.safetensors")
                .containsPattern("param seed +5 +then 6");
        Map<String, @Nullable Object> json =
                Json.object(Json.parse(reproduce("sizes", "--seed", "6", "--json").out()));
        assertThat(Json.object(json.get("begin"))).containsEntry("differs_at_step", 0L);
        assertThat(json).containsEntry("identical", false);
    }

    @Test
    void anInterruptedTrainingGoesOnInANewRunThatIsMadeAgain() throws IOException {
        Files.writeString(code.resolve("sizes.toml"), SIZES.replace("= 40", "= 25"));
        train();
        Files.writeString(code.resolve("sizes.toml"), SIZES);
        CommandRun on =
                CommandRun.of(
                        "train", code.resolve("sizes.toml").toString(), "--track", place, "--json");
        Object id = Json.object(Json.parse(on.out())).get("run");
        assertThat(Json.object(shown(String.valueOf(id)).get("params")))
                .containsEntry("resumed_at", "25");
        CommandRun run = reproduce(String.valueOf(id));
        assertThat(run.status()).as(run.out() + run.err()).isZero();
    }

    @Test
    void twoRunsThatAreThereAreCompared() throws IOException {
        Object first = train().get("run");
        Files.writeString(
                code.resolve("sizes.toml"), SIZES.replace("[training]", "[training]\nbatch = 16"));
        Object second = train().get("run");
        CommandRun run = reproduce(String.valueOf(first), "--against", String.valueOf(second));
        assertThat(run.status()).isEqualTo(ExitCode.FAILED);
        assertThat(run.out())
                .contains("between step 0, when all tensors are equal, and step 1")
                .containsPattern("param batch_size +32 +then 16");
    }

    @Test
    void whatCannotBeMadeAgainSaysWhy() throws IOException {
        CommandRun none = reproduce("nothing");
        assertThat(none.status()).isEqualTo(ExitCode.FAILED);
        assertThat(none.err()).contains("there is no run nothing");
        assertThat(reproduce("a", "--against", "b", "--seed", "1").status())
                .isEqualTo(ExitCode.USAGE);
        assertThat(CommandRun.of("train").status()).isEqualTo(ExitCode.USAGE);
        assertThat(CommandRun.of("train", "--track", "none.toml").err()).contains("none.toml");
    }
}
