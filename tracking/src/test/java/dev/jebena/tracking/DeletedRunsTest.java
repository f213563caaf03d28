package dev.jebena.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jebena.base.Problem;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeletedRunsTest {
    @TempDir Path folder;

    private static String run(Tracker tracker, String name, String text) {
        return tracker.run(
                name,
                Map.of("lr", 1),
                run -> {
                    run.metric("loss", 1, 0);
                    run.artifact("note.txt", text);
                    return run.id();
                });
    }

    @Test
    void deletedRunsGoWithTheirFilesAndOthersStay() {
        try (FolderTrackingClient client = new FolderTrackingClient(folder);
                Tracker tracker =
                        Tracker.of(client)
                                .with(
                                        TrackerOptions.defaults()
                                                .experiment("old")
                                                .code(null)
                                                .environment(false)
                                                .systemMetrics(null))) {
            String gone = run(tracker, "gone", "only here");
            String kept = run(tracker.experiment("kept"), "kept", "kept text");
            client.post("runs/delete", Map.of("run_id", gone));
            Instant now = Instant.now().plusSeconds(1);
            Tracking tracking = client.tracking();
            assertThat(DeletedRuns.remove(tracking, now.minus(Duration.ofDays(1)), false).runs())
                    .isEmpty();
            assertThat(DeletedRuns.remove(tracking, now, true).runs()).containsExactly(gone);
            assertThat(client.run(gone)).isNotEmpty();
            client.post("experiments/delete", Map.of("experiment_id", client.experiment("old")));
            DeletedRuns.Removed removed = DeletedRuns.remove(tracking, now, false);
            assertThat(removed.runs()).containsExactly(gone);
            assertThat(removed.experiments()).containsExactly("old");
            // Its file, and the list of its outputs with their hashes.
            assertThat(removed.files()).isEqualTo(2);
            assertThatThrownBy(() -> client.run(gone))
                    .isInstanceOf(Problem.class)
                    .hasMessageContaining("not found");
            assertThat(client.history(kept, "loss")).hasSize(1);
            assertThat(tracking.artifacts().list("", "")).hasSize(1);
        }
    }
}
