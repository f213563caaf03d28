package dev.jebena.hub;

import dev.jebena.base.ContentId;
import java.time.Instant;

/// One line of the list of models.
///
/// @param digest the SHA-256 of the model's manifest
/// @param size bytes of all its parts
/// @param modified when the name was last given to this model
public record ModelSummary(
        ModelName name, ContentId digest, long size, Instant modified, ModelDetails details) {}
