package dev.jebena.tracking;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What is recorded of every run beside what its code logs.
///
/// @param experiment name of the experiment; made when it is missing
/// @param code folder of the code, whose git commit and changes are recorded; null for none
/// @param environment whether JDK, machine and libraries are recorded
/// @param systemMetrics how often CPU, memory, disk and network are measured; null for never
public record TrackerOptions(
        String experiment,
        @Nullable Path code,
        boolean environment,
        @Nullable Duration systemMetrics) {
    /// The experiment `Default`, the code of the folder that the program was started in, and a
    /// measurement every ten seconds, the first one after ten.
    public static TrackerOptions defaults() {
        return new TrackerOptions("Default", Path.of(""), true, Duration.ofSeconds(10));
    }

    public TrackerOptions experiment(String name) {
        return new TrackerOptions(name, code, environment, systemMetrics);
    }

    public TrackerOptions code(@Nullable Path folder) {
        return new TrackerOptions(experiment, folder, environment, systemMetrics);
    }

    public TrackerOptions environment(boolean recorded) {
        return new TrackerOptions(experiment, code, recorded, systemMetrics);
    }

    public TrackerOptions systemMetrics(@Nullable Duration interval) {
        return new TrackerOptions(experiment, code, environment, interval);
    }
}
