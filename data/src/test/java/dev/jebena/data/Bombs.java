package dev.jebena.data;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import net.jpountz.lz4.LZ4FrameOutputStream;

/// 100 MB in few bytes.
final class Bombs {
    private static final int BLOCK = 1 << 20;
    private static final int BLOCKS = 100;

    private Bombs() {}

    /// @param name whose ending says how it is compressed
    /// @param lines short lines of digits; else one that does not end
    static byte[] of(String name, boolean lines) throws IOException {
        byte[] block = new byte[BLOCK];
        Arrays.fill(block, (byte) '1');
        for (int i = 1; lines && i < block.length; i += 2) {
            block[i] = '\n';
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = compressing(name, bytes)) {
            out.write(head(name).getBytes(StandardCharsets.UTF_8));
            for (int i = 0; i < BLOCKS; i++) {
                out.write(block);
            }
        }
        return bytes.toByteArray();
    }

    private static String head(String name) {
        if (name.contains(".warc")) {
            return String.join(
                    "\r\n",
                    "WARC/1.0",
                    "WARC-Type: resource",
                    "Content-Length: 104857600",
                    "WARC-Record-ID: <urn:uuid:0>",
                    "WARC-Date: 2026-01-01T00:00:00Z",
                    "",
                    "");
        }
        return name.contains(".json.") ? "[" : "";
    }

    private static OutputStream compressing(String name, OutputStream out) throws IOException {
        if (name.endsWith(".zst")) {
            return new ZstdOutputStream(out);
        }
        return name.endsWith(".lz4") ? new LZ4FrameOutputStream(out) : new GZIPOutputStream(out);
    }
}
