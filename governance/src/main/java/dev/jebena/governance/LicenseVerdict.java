package dev.jebena.governance;

import dev.jebena.base.HttpJson;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a rule says of a pair of licences.
///
/// @param rule its name in the table of rules
/// @param reason a sentence with both licences
/// @param source where the rule is written
public record LicenseVerdict(Level level, String rule, String reason, String source) {
    /// From good to bad.
    public enum Level {
        ALLOWED,
        /// Allowed, if something is done.
        CONDITIONS,
        /// A person has to look: a licence is unknown, or opinions differ.
        REVIEW,
        /// Not allowed.
        CONFLICT;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    Map<String, @Nullable Object> json() {
        return HttpJson.object(
                "verdict", level.toString(), "rule", rule, "reason", reason, "source", source);
    }
}
