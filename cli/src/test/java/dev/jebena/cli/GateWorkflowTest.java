package dev.jebena.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The commands of the example workflow, one by one: a change that makes the model worse is
/// stopped.
class GateWorkflowTest {
    private static final Path WORKFLOW = Path.of("../examples/ci/accuracy-gate.yml");

    @TempDir Path folder;

    @BeforeEach
    void base() throws IOException {
        recipe(Files.createDirectories(folder.resolve("base")), 60);
    }

    /// With no steps to speak of the model knows nothing.
    private void recipe(Path place, int steps) throws IOException {
        StringBuilder table = new StringBuilder("size,kind\n");
        for (int i = 0; i < 200; i++) {
            table.append(i % 10).append(i % 10 < 5 ? ",small\n" : ",large\n");
        }
        Files.writeString(place.resolve("sizes.csv"), table);
        Files.writeString(
                place.resolve("model.toml"),
                """
                seed = 1
                [data]
                file = "sizes.csv"
                [model]
                hidden = [8]
                [optimizer]
                rate = %s
                [training]
                steps = %d
                """
                        .formatted(steps > 1 ? "0.05" : "1e-9", steps));
    }

    /// The exit code of the first command that fails, as a shell with `-e` does it.
    private int runWorkflow() throws IOException {
        List<String> lines =
                Files.readAllLines(WORKFLOW).stream()
                        .map(String::strip)
                        .filter(line -> line.startsWith("jebena "))
                        .toList();
        assertThat(lines).hasSize(5);
        for (String line : lines) {
            List<String> words = new ArrayList<>();
            for (String word : line.substring("jebena ".length()).split(" ")) {
                boolean file = word.equals("runs") || word.endsWith("model.toml");
                words.add(file ? folder.resolve(word).toString() : word);
            }
            CommandRun run = CommandRun.of(words.toArray(String[]::new));
            if (run.status() != ExitCode.OK) {
                assertThat(line).as(run.err()).contains("gate check");
                assertThat(run.out()).contains("FAILED");
                return run.status();
            }
        }
        return ExitCode.OK;
    }

    @Test
    void aChangeThatIsNoWorsePasses() throws IOException {
        recipe(folder, 61);
        assertThat(runWorkflow()).isEqualTo(ExitCode.OK);
    }

    @Test
    void aChangeThatIsWorseIsStopped() throws IOException {
        recipe(folder, 1);
        assertThat(runWorkflow()).isEqualTo(ExitCode.FAILED);
    }
}
