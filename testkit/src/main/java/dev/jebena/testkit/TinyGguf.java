package dev.jebena.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// A GGUF file of a few hundred bytes: correct in form, with one tensor, but no model.
public final class TinyGguf {
    private static final int STRING = 8;
    private static final int INT32 = 4;

    private TinyGguf() {}

    /// Writes one and returns its path.
    ///
    /// @param architecture `llama`, `bert`, ...
    public static Path write(Path file, String architecture) {
        ByteBuffer out = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
        out.put("GGUF".getBytes(StandardCharsets.US_ASCII)).putInt(3).putLong(1).putLong(6);
        string(out, "general.architecture").putInt(STRING);
        string(out, architecture);
        string(out, "general.name").putInt(STRING);
        string(out, "tiny");
        for (String key : new String[] {"context_length", "embedding_length", "block_count"}) {
            string(out, architecture + "." + key).putInt(INT32).putInt(8);
        }
        string(out, "general.file_type").putInt(INT32).putInt(0);
        string(out, "token_embd.weight").putInt(2).putLong(8).putLong(8).putInt(0).putLong(0);
        out.position((out.position() + 31) / 32 * 32);
        for (int i = 0; i < 64; i++) {
            out.putFloat(i / 64f);
        }
        byte[] bytes = new byte[out.position()];
        out.flip().get(bytes);
        try {
            return Files.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ByteBuffer string(ByteBuffer out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return out.putLong(bytes.length).put(bytes);
    }
}
