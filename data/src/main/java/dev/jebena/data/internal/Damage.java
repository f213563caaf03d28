package dev.jebena.data.internal;

import dev.jebena.base.Problem;
import org.jspecify.annotations.Nullable;

/// Messages about bad files: which, where in it, what is there, what to do.
public final class Damage {
    private Damage() {}

    /// @param place such as `line 7`; empty for the whole file
    public static Problem at(String file, String place, String what, @Nullable String remedy) {
        return because(file, place, what, remedy, null);
    }

    public static Problem at(String file, String place, String what) {
        return at(file, place, what, null);
    }

    public static Problem because(
            String file,
            String place,
            String what,
            @Nullable String remedy,
            @Nullable Throwable cause) {
        String where = place.isEmpty() ? file : file + ", " + place;
        return new Problem(Problem.Code.BAD_FILE, where + ": " + what, remedy, cause);
    }

    /// Something larger than its limit.
    public static Problem tooLarge(String file, String place, String what, long limit) {
        return new Problem(
                Problem.Code.TOO_LARGE,
                "%s, %s: %s; at most %,d bytes".formatted(file, place, what, limit),
                "if the file is right, raise the limit (DataLimits, --max-record)");
    }
}
