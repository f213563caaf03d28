package dev.jebena.cli;

import dev.jebena.hub.Hub;
import dev.jebena.tracking.TrackingOptions;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where runs are kept: a server's address or a data folder.
final class RunsPlace {
    @Option(
            names = "--at",
            paramLabel = "PLACE",
            description = "A server's address or a data folder (default: this machine's).")
    @Nullable String place;

    String at() {
        return place == null ? folder(Hub.home(System.getenv())).toString() : place;
    }

    /// The data folder of the runs within that of everything.
    static Path folder(Path home) {
        return TrackingOptions.folder(home);
    }
}
