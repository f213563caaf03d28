package dev.jebena.governance;

import dev.jebena.base.HttpJson;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A model or data set in a graph of licences.
///
/// @param name `owner/name`, or a file's name
/// @param terms of its licence
/// @param proof what says that it comes under it; empty where nothing does
public record LicenseThing(String name, CardKind kind, LicenseTerms terms, String proof) {
    Map<String, @Nullable Object> json() {
        return HttpJson.object(
                "name", name, "kind", kind.toString(), "license", terms.json(), "proof", proof);
    }
}
