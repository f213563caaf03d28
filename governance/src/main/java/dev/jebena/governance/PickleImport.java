package dev.jebena.governance;

import dev.jebena.base.HttpJson;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A name that a pickle imports.
///
/// @param module `os`; `unknown` where the pickle computes it
/// @param name `system`
/// @param reason why it is what it is; empty for what is not in the table
public record PickleImport(String module, String name, ImportSafety safety, String reason) {
    /// As the hub's API gives it.
    public Map<String, @Nullable Object> json() {
        return HttpJson.object("module", module, "name", name, "safety", safety.toString());
    }

    @Override
    public String toString() {
        return module + "." + name;
    }
}
