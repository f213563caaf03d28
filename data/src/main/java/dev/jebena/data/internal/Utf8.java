package dev.jebena.data.internal;

import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/// Strict UTF-8, and where it is broken.
final class Utf8 {
    static final String REMEDY = "convert the file first: iconv -f LATIN1 -t UTF-8 FILE";

    private Utf8() {}

    /// Fails at the first byte that is no UTF-8.
    static Reader reader(InputStream in) {
        CharsetDecoder strict =
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT);
        return new InputStreamReader(in, strict);
    }

    /// What is wrong with bytes that a decoder refused.
    static String firstBad(byte[] bytes, int length) {
        ByteBuffer in = ByteBuffer.wrap(bytes, 0, length);
        StandardCharsets.UTF_8.newDecoder().decode(in, CharBuffer.allocate(length + 1), true);
        return in.hasRemaining()
                ? "not UTF-8: byte 0x%02x at column %,d"
                        .formatted(bytes[in.position()], in.position() + 1)
                : "not UTF-8: it ends within a character";
    }
}
