package dev.jebena.tracking;

import dev.jebena.base.HttpJson;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One step of a lineage: `target` was made of `source`, or with it.
///
/// @param job what made it: `read`, `wrote`, `registered`, `quantize q4_k_m`, …
/// @param time milliseconds since 1970; 0 where it is not known
public record LineageEdge(LineageItem source, LineageItem target, String job, long time) {
    Map<String, @Nullable Object> json() {
        return HttpJson.object(
                "source", source.id(), "target", target.id(), "job", job, "time", time);
    }
}
