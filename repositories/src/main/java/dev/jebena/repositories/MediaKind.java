package dev.jebena.repositories;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// What bytes of a picture or a sound are, by their first bytes.
///
/// @param mediaType of those that browsers show; `application/octet-stream` for all else
/// @param ending of a file's name
/// @param width in pixels; 0 for sounds, and where the head does not tell it
record MediaKind(String mediaType, String ending, int width, int height) {
    private static final MediaKind OTHER = new MediaKind("application/octet-stream", "bin", 0, 0);
    private static final int MOST_SEGMENTS = 10_000;

    static MediaKind of(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            return of(in);
        } catch (IndexOutOfBoundsException _) {
            return OTHER;
        }
    }

    private static MediaKind of(ByteBuffer in) {
        ByteBuffer little = in.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        if (begins(in, 1, "PNG\r\n")) {
            return new MediaKind("image/png", "png", in.getInt(16), in.getInt(20));
        }
        if (begins(in, 0, "GIF8")) {
            return new MediaKind("image/gif", "gif", half(little, 6), half(little, 8));
        }
        if (begins(in, 0, "BM") && in.limit() > 26) {
            int height = Math.abs(little.getInt(22));
            return new MediaKind("image/bmp", "bmp", little.getInt(18), height);
        }
        if (begins(in, 0, "RIFF")) {
            return begins(in, 8, "WAVE")
                    ? sound("audio/wav", "wav")
                    : begins(in, 8, "WEBP") ? webp(little) : OTHER;
        }
        if (half(in, 0) == 0xffd8) {
            return jpeg(in);
        }
        if (begins(in, 0, "II*\0") || begins(in, 0, "MM\0*")) {
            return new MediaKind("image/tiff", "tiff", 0, 0);
        }
        return sound(in);
    }

    private static MediaKind sound(ByteBuffer in) {
        boolean mp3 = begins(in, 0, "ID3") || (half(in, 0) & 0xffe0) == 0xffe0;
        return begins(in, 0, "fLaC")
                ? sound("audio/flac", "flac")
                : begins(in, 0, "OggS")
                        ? sound("audio/ogg", "ogg")
                        : begins(in, 4, "ftyp")
                                ? sound("audio/mp4", "m4a")
                                : mp3 ? sound("audio/mpeg", "mp3") : OTHER;
    }

    private static MediaKind sound(String type, String ending) {
        return new MediaKind(type, ending, 0, 0);
    }

    private static boolean begins(ByteBuffer in, int at, String text) {
        byte[] wanted = text.getBytes(StandardCharsets.ISO_8859_1);
        if (in.limit() < at + wanted.length) {
            return false;
        }
        for (int i = 0; i < wanted.length; i++) {
            if (in.get(at + i) != wanted[i]) {
                return false;
            }
        }
        return true;
    }

    private static int half(ByteBuffer in, int at) {
        return in.getShort(at) & 0xffff;
    }

    /// The three forms of a first chunk: lossy, lossless, extended.
    private static MediaKind webp(ByteBuffer in) {
        int width = 0;
        int height = 0;
        if (begins(in, 12, "VP8 ")) {
            width = half(in, 26) & 0x3fff;
            height = half(in, 28) & 0x3fff;
        } else if (begins(in, 12, "VP8L")) {
            int bits = in.getInt(21);
            width = (bits & 0x3fff) + 1;
            height = (bits >> 14 & 0x3fff) + 1;
        } else if (begins(in, 12, "VP8X")) {
            width = (in.getInt(24) & 0xffffff) + 1;
            height = (in.getInt(26) >>> 8) + 1;
        }
        return new MediaKind("image/webp", "webp", width, height);
    }

    /// Passes over segments up to the one that begins a frame (ITU-T T.81, B.2.2).
    private static MediaKind jpeg(ByteBuffer in) {
        int at = 2;
        for (int i = 0; i < MOST_SEGMENTS && at + 9 <= in.limit(); i++) {
            int marker = half(in, at);
            boolean frame = marker >= 0xffc0 && marker <= 0xffcf && (marker & 3) != 0;
            // C4, C8 and CC are tables and reserved; with the two low bits, C8 and CC are out.
            if (frame || marker == 0xffc0) {
                return new MediaKind("image/jpeg", "jpg", half(in, at + 7), half(in, at + 5));
            }
            at += marker == 0xffff ? 1 : 2 + Math.max(2, half(in, at + 2));
        }
        return new MediaKind("image/jpeg", "jpg", 0, 0);
    }
}
