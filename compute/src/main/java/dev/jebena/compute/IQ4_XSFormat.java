package dev.jebena.compute;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// 256 elements in 8 groups of 32, `value(q) * (d * (scale - 32))` with the values of
/// [IQ4_NLFormat]: d as float16, the upper two bits of the eight 6-bit scales as one 16-bit number,
/// their lower four bits in 4 bytes, then 16 bytes of nibbles for each group as in [Q4_0Format].
final class IQ4_XSFormat implements BlockFormat {
    private static final int BYTES = 136;

    @Override
    public DataType type() {
        return DataType.IQ4_XS;
    }

    @Override
    public void decodeBlock(MemorySegment source, long block, float[] target, int at) {
        long start = block * BYTES;
        float d = Stored.half(source, start);
        int upper = Stored.u16(source, start + 2);
        for (int j = 0; j < 256; j++) {
            int group = j / 32;
            int low = (Stored.u8(source, start + 4 + group / 2) >> (4 * (group % 2))) & 15;
            float scale = d * ((low | (((upper >> (2 * group)) & 3) << 4)) - 32);
            int pair = Stored.u8(source, start + 8 + 16L * group + j % 16);
            int q = j % 32 < 16 ? pair & 15 : pair >> 4;
            target[at + j] = IQ4_NLFormat.VALUES[q] * scale;
        }
    }

    @Override
    public void decode(MemorySegment source, long first, int count, float[] target, int at) {
        for (int i = 0; i < count; i++) {
            long start = (first + i) * BYTES;
            float d = Stored.half(source, start);
            int upper = Stored.u16(source, start + 2);
            int lower = Stored.i32(source, start + 4);
            for (int group = 0; group < 8; group++) {
                int low = (lower >>> (4 * group)) & 15;
                float scale = d * ((low | (((upper >> (2 * group)) & 3) << 4)) - 32);
                long from = start + 8 + 16L * group;
                IQ4_NLFormat.decode32(source, from, scale, target, at + 256 * i + 32 * group);
            }
        }
    }

    @Override
    public void encode(
            float[] source,
            int from,
            float @Nullable [] importance,
            MemorySegment target,
            long first,
            int count) {
        SymmetricBlock block =
                new SymmetricBlock(32, new Levels.Table(IQ4_NLFormat.VALUES), 7, Levels.signed(64));
        for (int i = 0; i < count; i++) {
            block.fit(source, from + 256 * i, importance, 256 * i);
            put(block, target, (first + i) * BYTES);
        }
    }

    private static void put(SymmetricBlock block, MemorySegment target, long start) {
        Stored.putHalf(target, start, block.d());
        int upper = 0;
        int lower = 0;
        for (int group = 0; group < 8; group++) {
            upper |= (block.scale(group) >> 4) << (2 * group);
            lower |= (block.scale(group) & 15) << (4 * group);
        }
        target.set(Stored.SHORT, start + 2, (short) upper);
        target.set(Stored.INT, start + 4, lower);
        for (int i = 0; i < 128; i++) {
            int element = i / 16 * 32 + i % 16;
            int pair = block.code(element) | (block.code(element + 16) << 4);
            Stored.put8(target, start + 8 + i, pair);
        }
    }
}
