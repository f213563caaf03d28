package dev.jebena.repositories;

import java.util.Arrays;

/// Unpacks LZ4 frames (lz4_Frame_format.md and lz4_Block_format.md of the LZ4 project). Checksums
/// are not compared: what is unpacked here is named by a hash of its own.
final class Lz4Frame {
    private static final int MAGIC = 0x184D2204;
    private static final int UNCOMPRESSED = 1 << 31;
    private static final int SHORTEST_MATCH = 4;

    private final byte[] in;
    private final byte[] out;
    private int from;
    private int to;

    private Lz4Frame(byte[] in, int size) {
        this.in = in;
        this.out = new byte[size];
    }

    /// The bytes of one frame. Throws status 400 for a frame that is damaged or gives more than
    /// `size` bytes.
    static byte[] decode(byte[] frame, int size) {
        Lz4Frame decoder = new Lz4Frame(frame, size);
        try {
            decoder.frame();
        } catch (ArrayIndexOutOfBoundsException _) {
            throw damaged("it ends early, or gives more than " + size + " bytes");
        }
        return decoder.to == size ? decoder.out : Arrays.copyOf(decoder.out, decoder.to);
    }

    private static HubError damaged(String why) {
        return HubError.bad("A chunk is no LZ4 frame: " + why);
    }

    private void frame() {
        if (int32() != MAGIC) {
            throw damaged("wrong magic number");
        }
        int flags = in[from];
        if ((flags >> 6 & 3) != 1) {
            throw damaged("unknown version");
        }
        boolean blockChecksums = (flags & 16) != 0;
        boolean contentSize = (flags & 8) != 0;
        boolean dictionary = (flags & 1) != 0;
        from += 2 + (contentSize ? 8 : 0) + (dictionary ? 4 : 0) + 1;
        for (int block = int32(); block != 0; block = int32()) {
            int length = block & ~UNCOMPRESSED;
            if (length > in.length - from) {
                throw damaged("a block is longer than the frame");
            }
            if ((block & UNCOMPRESSED) != 0) {
                copy(length);
            } else {
                block(from + length);
            }
            from += blockChecksums ? 4 : 0;
        }
    }

    private int int32() {
        int value =
                (in[from] & 0xff)
                        | (in[from + 1] & 0xff) << 8
                        | (in[from + 2] & 0xff) << 16
                        | (in[from + 3] & 0xff) << 24;
        from += 4;
        return value;
    }

    private void copy(int count) {
        if (count < 0 || count > out.length - to || count > in.length - from) {
            throw new ArrayIndexOutOfBoundsException(count);
        }
        System.arraycopy(in, from, out, to, count);
        from += count;
        to += count;
    }

    /// Sequences of literal bytes and copies of what was unpacked before.
    private void block(int end) {
        while (from < end) {
            int token = in[from++] & 0xff;
            copy(length(token >> 4));
            if (from >= end) {
                break;
            }
            int distance = (in[from] & 0xff) | (in[from + 1] & 0xff) << 8;
            from += 2;
            int count = length(token & 15) + SHORTEST_MATCH;
            if (distance == 0 || distance > to || count > out.length - to) {
                throw new ArrayIndexOutOfBoundsException(distance);
            }
            // Byte by byte: the source may reach into what is being written.
            for (int i = 0; i < count; i++, to++) {
                out[to] = out[to - distance];
            }
        }
        if (from != end) {
            throw damaged("a block ends in the middle of a sequence");
        }
    }

    private int length(int first) {
        int length = first;
        if (first == 15) {
            int more;
            do {
                more = in[from++] & 0xff;
                length += more;
                if (length < 0) {
                    throw new ArrayIndexOutOfBoundsException(length);
                }
            } while (more == 255);
        }
        return length;
    }
}
