package dev.jebena.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.base.HttpJson;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A program that is killed in the middle of a run.
class KilledProgramTest {
    @TempDir Path folder;

    /// Records points for ever; prints the run's id when the first are durable.
    static final class Main {
        public static void main(String... args) throws InterruptedException {
            TrackerOptions bare =
                    TrackerOptions.defaults().code(null).environment(false).systemMetrics(null);
            try (Tracker tracker = Tracker.at(args[0]).with(bare)) {
                tracker.run(
                        "killed",
                        Map.of("lr", 1),
                        run -> {
                            run.metric("loss", 1, 0);
                            run.flush();
                            System.out.println(run.id());
                            Thread.sleep(600_000);
                        });
            }
        }
    }

    @Test
    void itsRunStaysRunningWithWhatWasFlushed() throws Exception {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx256m",
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Main.class.getName(),
                                folder.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        String id;
        try (BufferedReader out =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            id = out.readLine();
        } finally {
            process.destroyForcibly().waitFor();
        }
        try (TrackingClient client = TrackingClient.at(folder.toString())) {
            Map<String, ?> info = HttpJson.objectOf(client.run(id).get("info"));
            assertThat(info.get("status")).isEqualTo("RUNNING");
            assertThat(info.get("end_time")).isNull();
            assertThat(client.history(id, "loss")).hasSize(1);
        }
    }
}
