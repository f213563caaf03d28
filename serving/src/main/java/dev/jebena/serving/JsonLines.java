package dev.jebena.serving;

import dev.jebena.base.HttpException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The lines of a JSONL file, one at a time; empty ones are skipped.
final class JsonLines implements AutoCloseable {
    private final InputStream in;
    private final int longest;
    private int number;

    private JsonLines(InputStream in, int longest) {
        this.in = in;
        this.longest = longest;
    }

    /// @param longest bytes of a line; a longer one is refused with [HttpException] 400
    static JsonLines open(Path file, int longest) throws IOException {
        return new JsonLines(new BufferedInputStream(Files.newInputStream(file), 1 << 16), longest);
    }

    /// Number of the line that was read last, from 1.
    int number() {
        return number;
    }

    /// The next line that is not empty; null at the end.
    byte @Nullable [] next() throws IOException {
        while (true) {
            byte[] line = line();
            if (line == null || !isBlank(line)) {
                return line;
            }
        }
    }

    private byte @Nullable [] line() throws IOException {
        int first = in.read();
        if (first < 0) {
            return null;
        }
        number++;
        ByteArrayOutputStream line = new ByteArrayOutputStream(256);
        for (int b = first; b >= 0 && b != '\n'; b = in.read()) {
            if (line.size() == longest) {
                throw new HttpException(
                        400,
                        "line_too_long",
                        "Line " + number + " is longer than " + longest + " bytes");
            }
            line.write(b);
        }
        return line.toByteArray();
    }

    private static boolean isBlank(byte[] line) {
        for (byte b : line) {
            if (b != ' ' && b != '\r' && b != '\t') {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
