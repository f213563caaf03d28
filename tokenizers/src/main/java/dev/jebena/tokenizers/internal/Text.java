package dev.jebena.tokenizers.internal;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// UTF-8 text on its way to tokens. A traced text knows for each of its bytes which stretch of the
/// original it comes from, so that tokens can be found again there; that costs time and memory, so
/// that plain texts do without.
final class Text {
    final byte[] bytes;

    // Start and end in the original, in turns, for each byte.
    private final int @Nullable [] origins;

    Text(byte[] bytes, int @Nullable [] origins) {
        this.bytes = bytes;
        this.origins = origins;
    }

    static Text plain(byte[] bytes) {
        return new Text(bytes, null);
    }

    /// The original itself: each byte comes from the character that it belongs to.
    static Text traced(byte[] bytes) {
        int[] origins = new int[2 * bytes.length];
        int at = 0;
        while (at < bytes.length) {
            int end = Math.min(bytes.length, at + CodePoints.length(bytes[at]));
            for (int i = at; i < end; i++) {
                origins[2 * i] = at;
                origins[2 * i + 1] = end;
            }
            at = end;
        }
        return new Text(bytes, origins);
    }

    boolean isTraced() {
        return origins != null;
    }

    /// Where the stretch begins that byte `at` comes from.
    int start(int at) {
        return origins == null ? at : origins[2 * at];
    }

    /// Where the stretch ends that byte `at` comes from.
    int end(int at) {
        return origins == null ? at + 1 : origins[2 * at + 1];
    }

    /// The stretch `[from, to)` as a text of its own.
    Text slice(int from, int to) {
        return new Text(
                Arrays.copyOfRange(bytes, from, to),
                origins == null ? null : Arrays.copyOfRange(origins, 2 * from, 2 * to));
    }

    String string(int from, int to) {
        return Utf8.string(bytes, from, to);
    }
}
