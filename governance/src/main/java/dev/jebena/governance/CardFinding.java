package dev.jebena.governance;

import dev.jebena.base.HttpJson;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Something that is wrong with a card, or missing in it.
///
/// @param line in the file, from 1 on
/// @param field `model-index[0].results[1].task.type`, or the name of a section; empty for the card
///   as a whole
/// @param value what stands there; empty where nothing does
/// @param message what is wrong; for what the hub checks too, as the hub says it
/// @param remedy what to write instead
public record CardFinding(
        Level level, int line, String field, String value, String message, String remedy) {
    /// How bad it is.
    public enum Level {
        /// The hub does not accept the card.
        ERROR,
        /// The hub accepts and warns, or shows less than it could.
        WARNING,
        /// A reader will miss it.
        HINT;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// A finding at the line of a field of the metadata.
    static CardFinding of(
            Card card, Level level, String field, String value, String message, String remedy) {
        return new CardFinding(level, card.yaml().line(field), field, value, message, remedy);
    }

    public Map<String, @Nullable Object> json() {
        return HttpJson.object(
                "level", level.toString(),
                "line", line,
                "field", field,
                "value", value,
                "message", message,
                "remedy", remedy);
    }

    @Override
    public String toString() {
        return "line %d: %s: %s%s"
                .formatted(line, level, message, remedy.isEmpty() ? "" : "; " + remedy);
    }
}
