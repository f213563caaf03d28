package dev.jebena.repositories;

import dev.jebena.base.HttpJson;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a check of uploads says about a file.
///
/// @param check the check's name in the API, such as `pickleImportScan`
/// @param message one line for people
/// @param details more for programs, as JSON: maps, lists, texts, numbers
public record Finding(
        String check,
        Level level,
        String message,
        Map<String, ? extends @Nullable Object> details) {
    /// How bad it is.
    public enum Level {
        SAFE,
        SUSPICIOUS,
        UNSAFE;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Level of(@Nullable Object word) {
            return valueOf(String.valueOf(word).toUpperCase(Locale.ROOT));
        }
    }

    Map<String, @Nullable Object> json() {
        return HttpJson.object(
                "check", check, "status", level.word(), "message", message, "details", details);
    }

    static Finding of(Map<String, @Nullable Object> json) {
        return new Finding(
                String.valueOf(json.get("check")),
                Level.of(json.get("status")),
                String.valueOf(json.get("message")),
                HttpJson.objectOf(json.get("details")));
    }

    /// The worst of several; safe for none.
    static Level worst(List<Finding> findings) {
        return findings.stream().map(Finding::level).max(Level::compareTo).orElse(Level.SAFE);
    }
}
