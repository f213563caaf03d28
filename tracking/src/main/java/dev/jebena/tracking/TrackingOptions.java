package dev.jebena.tracking;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Where tracking data lies.
///
/// @param folder the data folder: `tracking.db` and the artifacts' blobs
/// @param database address of a PostgreSQL database in place of the SQLite file; null for SQLite
/// @param privateWebhooks whether webhooks may go to addresses of this machine and its networks
public record TrackingOptions(Path folder, @Nullable String database, boolean privateWebhooks) {
    public static TrackingOptions in(Path folder) {
        return new TrackingOptions(folder, null, true);
    }

    /// The data folder of runs within the one of everything, see [dev.jebena.base.JebenaHome].
    public static Path folder(Path home) {
        return home.resolve("tracking");
    }

    public TrackingOptions database(@Nullable String address) {
        return new TrackingOptions(folder, address, privateWebhooks);
    }

    public TrackingOptions privateWebhooks(boolean allowed) {
        return new TrackingOptions(folder, database, allowed);
    }
}
