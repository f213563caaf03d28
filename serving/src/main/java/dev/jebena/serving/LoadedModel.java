package dev.jebena.serving;

import dev.jebena.hub.StoredModel;
import dev.jebena.llm.EngineStats;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A model in memory, for lists and metrics.
///
/// @param bytes memory that it takes: its file and what its engine allocated
/// @param users requests that use it now
/// @param expires when it will be unloaded if nobody uses it; null for never
public record LoadedModel(
        StoredModel model,
        int contextLength,
        long bytes,
        int users,
        @Nullable Instant expires,
        EngineStats stats) {}
