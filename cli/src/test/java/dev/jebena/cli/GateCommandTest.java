package dev.jebena.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.tracking.Tracker;
import dev.jebena.tracking.TrackerOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `jebena gate` over a data folder.
class GateCommandTest {
    @TempDir Path folder;

    @BeforeEach
    void aRegisteredVersion() {
        TrackerOptions bare =
                TrackerOptions.defaults().code(null).environment(false).systemMetrics(null);
        try (Tracker tracker = Tracker.at(folder.toString()).with(bare)) {
            tracker.run(
                    "train",
                    Map.of(),
                    run -> {
                        run.metric("accuracy", 0.8);
                        run.artifact("model/weights", "w");
                        run.register("reader", "model");
                    });
        }
    }

    private CommandRun gate(String... args) {
        List<String> words = new java.util.ArrayList<>(List.of("gate"));
        words.addAll(List.of(args));
        words.addAll(List.of("--at", folder.toString()));
        return CommandRun.of(words.toArray(String[]::new));
    }

    @Test
    void checkSaysWhatFailsAndHasTheExitCodeForCi() {
        assertThat(gate("check", "reader", "1", "champion").out()).contains("no gate");
        assertThat(gate("set", "reader", "champion", "--run", "metrics.accuracy >= 0.9").status())
                .isZero();
        CommandRun failed = gate("check", "reader", "1", "champion");
        assertThat(failed.status()).isEqualTo(ExitCode.FAILED);
        assertThat(failed.out()).contains("FAILED", "metrics.accuracy >= 0.9", "found: 0.8");
        gate("set", "reader", "champion", "--run", "metrics.accuracy >= 0.7", "--reviews", "1");
        assertThat(gate("check", "reader", "1", "champion").out()).contains("passed", "FAILED");
        assertThat(gate("review", "reader", "1", "--comment", "fine").status()).isZero();
        assertThat(gate("check", "reader", "1", "champion").status()).isZero();
        assertThat(gate("ls").out()).contains("reader", "champion", "1 approvals");
        assertThat(gate("log", "reader").out()).contains("set gate", "review", "fine");
        assertThat(gate("rm", "reader", "champion").status()).isZero();
        assertThat(gate("ls").out()).isEqualTo("no gates\n");
    }

    @Test
    void wrongInputIsOneClearMessage() {
        assertThat(gate("set", "reader", "champion").err()).contains("at least one of");
        assertThat(gate("set", "reader").status()).isEqualTo(ExitCode.USAGE);
        assertThat(gate("check", "nobody", "1", "x").err()).contains("nobody");
        assertThat(gate("set", "reader", "v1", "--described").err()).contains("reserved");
    }
}
