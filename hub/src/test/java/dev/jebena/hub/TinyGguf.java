package dev.jebena.hub;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/// Writes small GGUF files for tests: a header and one F32 tensor.
final class TinyGguf {
    private TinyGguf() {}

    /// @param name distinguishes one file's bytes from another's
    /// @param floats elements of the one tensor
    static byte[] of(String name, int floats) {
        return of(
                Map.of(
                        "general.architecture",
                        "llama",
                        "general.name",
                        name,
                        "llama.context_length",
                        2048),
                floats);
    }

    static byte[] of(Map<String, Object> metadata, int floats) {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.write("GGUF".getBytes(StandardCharsets.US_ASCII));
            number(out, 3, 4);
            number(out, 1, 8);
            number(out, metadata.size(), 8);
            for (Map.Entry<String, Object> entry : new LinkedHashMap<>(metadata).entrySet()) {
                text(out, entry.getKey());
                if (entry.getValue() instanceof Integer n) {
                    number(out, 4, 4);
                    number(out, n, 4);
                } else {
                    number(out, 8, 4);
                    text(out, entry.getValue().toString());
                }
            }
            text(out, "token_embd.weight");
            number(out, 1, 4);
            number(out, floats, 8);
            number(out, 0, 4);
            number(out, 0, 8);
            while (out.size() % 32 != 0) {
                out.write(0);
            }
            out.write(new byte[4 * floats]);
            return out.toByteArray();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void text(ByteArrayOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        number(out, bytes.length, 8);
        out.write(bytes);
    }

    private static void number(ByteArrayOutputStream out, long value, int size) {
        byte[] bytes = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
        out.write(bytes, 0, size);
    }
}
