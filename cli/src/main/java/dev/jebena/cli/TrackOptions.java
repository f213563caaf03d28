package dev.jebena.cli;

import dev.jebena.tracking.Tracker;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Whether and where a command records what it does as a run.
final class TrackOptions {
    /// The value without a place, and in files: this machine's runs.
    private static final String HERE = "here";

    @Option(
            names = "--track",
            paramLabel = "PLACE",
            arity = "0..1",
            fallbackValue = HERE,
            description = {
                "Record a run: on a server, in a folder,",
                "or without PLACE where jebena runs looks."
            })
    @Nullable String place;

    /// The words behind `--track` were something else.
    @Nullable String takeBack() {
        String taken = place;
        place = HERE;
        return HERE.equals(taken) ? null : taken;
    }

    /// Null where nothing is to be recorded.
    ///
    /// @param told what a file says about it; null for nothing
    @Nullable Tracker open(@Nullable String told) {
        String where = place == null ? told : place;
        if (where == null) {
            return null;
        }
        return where.equals(HERE) ? Tracker.here() : Tracker.at(where);
    }
}
