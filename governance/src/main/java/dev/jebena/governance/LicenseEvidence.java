package dev.jebena.governance;

import dev.jebena.base.HttpJson;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Where it stands under which licence something comes.
///
/// @param license SPDX id or expression, or the hub's name
/// @param path the file that says so
/// @param score how sure that is: 1 for what is written as an id, the likeness for a text
public record LicenseEvidence(
        String license, How how, String path, int line, double score, String note) {
    /// What said it.
    public enum How {
        /// The metadata of a card.
        CARD,
        /// The text of a licence.
        TEXT,
        /// An `SPDX-License-Identifier`.
        IDENTIFIER,
        /// The header of a GGUF or safetensors file.
        HEADER,
        /// A package's own description: `package.json`, `pyproject.toml`.
        PACKAGE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Map<String, @Nullable Object> json() {
        return HttpJson.object(
                "license", license,
                "how", how.toString(),
                "path", path,
                "line", line,
                "score", Math.round(score * 10_000) / 10_000.0,
                "note", note);
    }
}
