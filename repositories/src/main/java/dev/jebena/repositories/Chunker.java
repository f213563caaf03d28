package dev.jebena.repositories;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Cuts bytes into chunks where the bytes themselves say so, with the table, mask and bounds of
/// Xet's specification: what is inserted into a file changes the chunks around it only, and a
/// client that cuts the same bytes finds the same chunks.
final class Chunker {
    private static final int SMALLEST = 8 << 10;
    private static final int LARGEST = XorbIntake.LARGEST_CHUNK;

    /// Bits of the rolling hash that are 0 at the end of a chunk: of 64 KB one on average.
    private static final long MASK = 0xffffL << 48;

    /// The hash forgets what lies further back.
    private static final int WINDOW = 64;

    /// The numbers of the gear hash, one for each value of a byte.
    private static final long[] GEAR = gear();

    private final InputStream in;
    private final byte[] buffer = new byte[4 << 20];
    private int from;
    private int to;
    private boolean ended;

    Chunker(InputStream in) {
        this.in = in;
    }

    private static long[] gear() {
        try (InputStream in =
                Objects.requireNonNull(Chunker.class.getResourceAsStream("gear.txt"))) {
            List<String> words =
                    new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                            .lines()
                            .filter(l -> !l.startsWith("#"))
                            .flatMap(l -> Arrays.stream(l.split(" ")))
                            .toList();
            return words.stream().mapToLong(w -> Long.parseUnsignedLong(w, 16)).toArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The next chunk; null behind the last one.
    byte @Nullable [] next() throws IOException {
        fill();
        if (from == to) {
            return null;
        }
        int length = length();
        byte[] chunk = Arrays.copyOfRange(buffer, from, from + length);
        from += length;
        return chunk;
    }

    private void fill() throws IOException {
        if (to - from >= LARGEST || ended) {
            return;
        }
        System.arraycopy(buffer, from, buffer, 0, to - from);
        to -= from;
        from = 0;
        while (to < buffer.length && !ended) {
            int read = in.read(buffer, to, buffer.length - to);
            ended = read < 0;
            to += Math.max(0, read);
        }
    }

    private int length() {
        int most = Math.min(to - from, LARGEST);
        long hash = 0;
        for (int i = SMALLEST - WINDOW; i < most; i++) {
            hash = (hash << 1) + GEAR[buffer[from + i] & 0xff];
            if ((hash & MASK) == 0 && i + 1 >= SMALLEST) {
                return i + 1;
            }
        }
        return most;
    }
}
