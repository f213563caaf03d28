package dev.jebena.tokenizers.internal;

/// Turns bytes that arrive in parts into text, never half a character. Bytes that are not UTF-8
/// become U+FFFD as the Unicode standard recommends: one for each longest beginning of a character.
final class Utf8Assembler {
    private final StringBuilder out = new StringBuilder();
    private int codePoint;
    private int missing;
    // Bounds of the next byte; the first continuation byte has narrower ones after E0, ED, F0, F4.
    private int low;
    private int high;

    void add(byte[] bytes) {
        for (byte b : bytes) {
            add(b & 0xFF);
        }
    }

    private void add(int b) {
        if (missing > 0) {
            if (b >= low && b <= high) {
                codePoint = (codePoint << 6) | (b & 0x3F);
                low = 0x80;
                high = 0xBF;
                if (--missing == 0) {
                    out.appendCodePoint(codePoint);
                }
                return;
            }
            missing = 0;
            out.append('\uFFFD');
        }
        if (b < 0x80) {
            out.append((char) b);
        } else if (b >= 0xC2 && b <= 0xF4) {
            begin(b);
        } else {
            out.append('\uFFFD');
        }
    }

    private void begin(int b) {
        missing = b < 0xE0 ? 1 : b < 0xF0 ? 2 : 3;
        codePoint = b & (0x3F >> missing);
        low = b == 0xE0 ? 0xA0 : b == 0xF0 ? 0x90 : 0x80;
        high = b == 0xED ? 0x9F : b == 0xF4 ? 0x8F : 0xBF;
    }

    /// The complete text so far; it is forgotten here.
    String take() {
        String text = out.toString();
        out.setLength(0);
        return text;
    }

    /// As [#take], with U+FFFD for a character that has begun.
    String flush() {
        if (missing > 0) {
            missing = 0;
            out.append('\uFFFD');
        }
        return take();
    }
}
