package dev.jebena.tracking;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is recorded of every run beside what its code logs.
///
/// @param experiment name of the experiment; made when it is missing
/// @param code folder of the code, whose git commit and changes are recorded; null for none
/// @param environment whether JDK, machine, libraries and the command are recorded
/// @param systemMetrics how often CPU, memory, disk and network are measured; null for never
/// @param keptBytes files that a run reads are stored with it up to this size each, so that `jebena
///   reproduce` has them; of larger ones only the hash
/// @param command the words behind `jebena` that make such a run again; empty where the program
///   that was started is known otherwise, or not at all
/// @param tags of every run
public record TrackerOptions(
        String experiment,
        @Nullable Path code,
        boolean environment,
        @Nullable Duration systemMetrics,
        long keptBytes,
        List<String> command,
        Map<String, String> tags) {
    private static final long KEPT_BYTES = 64L << 20;

    public TrackerOptions {
        command = List.copyOf(command);
        tags = Map.copyOf(tags);
    }

    /// The experiment `Default`, the code of the folder that the program was started in, a
    /// measurement every ten seconds, the first one after ten, and inputs of up to 64 MiB.
    public static TrackerOptions defaults() {
        return new TrackerOptions(
                "Default",
                Path.of(""),
                true,
                Duration.ofSeconds(10),
                KEPT_BYTES,
                List.of(),
                Map.of());
    }

    public TrackerOptions experiment(String name) {
        return new TrackerOptions(name, code, environment, systemMetrics, keptBytes, command, tags);
    }

    public TrackerOptions code(@Nullable Path folder) {
        return new TrackerOptions(
                experiment, folder, environment, systemMetrics, keptBytes, command, tags);
    }

    public TrackerOptions environment(boolean recorded) {
        return new TrackerOptions(
                experiment, code, recorded, systemMetrics, keptBytes, command, tags);
    }

    public TrackerOptions systemMetrics(@Nullable Duration interval) {
        return new TrackerOptions(
                experiment, code, environment, interval, keptBytes, command, tags);
    }

    public TrackerOptions keptBytes(long most) {
        return new TrackerOptions(
                experiment, code, environment, systemMetrics, most, command, tags);
    }

    public TrackerOptions command(List<String> words) {
        return new TrackerOptions(
                experiment, code, environment, systemMetrics, keptBytes, words, tags);
    }

    public TrackerOptions tags(Map<String, String> all) {
        return new TrackerOptions(
                experiment, code, environment, systemMetrics, keptBytes, command, all);
    }
}
