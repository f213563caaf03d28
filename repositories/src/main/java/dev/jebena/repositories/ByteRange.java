package dev.jebena.repositories;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Which bytes of something a request wants (RFC 9110, 14.2).
///
/// @param partial whether it asked for a range
/// @param from first byte
/// @param length number of bytes; -1 for a range that lies behind the end
record ByteRange(boolean partial, long from, long length) {
    private static final Pattern ONE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

    /// One range is honoured; several, or what is none, mean everything.
    ///
    /// @param header of the request; null for none
    static ByteRange of(@Nullable String header, long size) {
        Matcher range = ONE.matcher(header == null ? "" : header.replace(" ", ""));
        if (!range.matches() || (range.group(1).isEmpty() && range.group(2).isEmpty())) {
            return new ByteRange(false, 0, size);
        }
        long from;
        long to = size - 1;
        if (range.group(1).isEmpty()) {
            from = Math.max(0, size - Long.parseLong(range.group(2)));
        } else {
            from = Long.parseLong(range.group(1));
            if (!range.group(2).isEmpty()) {
                to = Math.min(to, Long.parseLong(range.group(2)));
            }
        }
        return from >= size || from > to
                ? new ByteRange(true, from, -1)
                : new ByteRange(true, from, to - from + 1);
    }

    boolean satisfiable() {
        return length >= 0;
    }
}
