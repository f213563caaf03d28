package dev.jebena.tracking;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A data set that a run has read, on its way from one store to another.
///
/// @param tags of the link between run and data set
record DatasetCopy(
        String name,
        String digest,
        String sourceType,
        String source,
        @Nullable String schema,
        @Nullable String profile,
        Map<String, String> tags) {}
