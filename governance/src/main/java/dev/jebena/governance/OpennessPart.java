package dev.jebena.governance;

import dev.jebena.base.HttpJson;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is known of one component.
///
/// @param license id; empty where none is known
/// @param proof files that are it, or that say where it is; at most some of them
/// @param note what a reader should know
public record OpennessPart(
        OpennessComponent component,
        Status status,
        String license,
        List<String> proof,
        String note) {
    /// How open it is.
    public enum Status {
        /// It is there, under an open licence.
        OPEN,
        /// It is there, under terms that exclude uses, users or changes.
        RESTRICTED,
        /// It is there, and nothing says under what.
        UNLICENSED,
        /// It is named, but not among the files, so nothing is proven.
        REFERENCED,
        MISSING;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public OpennessPart {
        proof = List.copyOf(proof);
    }

    Map<String, @Nullable Object> json() {
        return HttpJson.object(
                "component", component.title(),
                "area", component.area().toString(),
                "class", component.level(),
                "required", component.required(),
                "status", status.toString(),
                "license", license,
                "proof", proof,
                "note", note);
    }
}
