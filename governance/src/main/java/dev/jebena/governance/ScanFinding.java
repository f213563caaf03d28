package dev.jebena.governance;

import dev.jebena.base.HttpJson;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Something that a scan found.
///
/// @param path the file; what lies in an archive is named behind a `!`
/// @param place where in the file: `line 3`, `byte 17`; empty for the whole
/// @param what is wrong, with the value; secrets are shortened
/// @param remedy what to do about it
public record ScanFinding(
        ScanKind kind, ScanLevel level, String path, String place, String what, String remedy) {
    public Map<String, @Nullable Object> json() {
        return HttpJson.object(
                "kind", kind.toString(),
                "level", level.toString(),
                "path", path,
                "place", place,
                "message", what,
                "remedy", remedy);
    }

    @Override
    public String toString() {
        return "%s: %s: %s%s: %s".formatted(level, kind, path, at(), what);
    }

    private String at() {
        return place.isEmpty() ? "" : " (" + place + ")";
    }
}
