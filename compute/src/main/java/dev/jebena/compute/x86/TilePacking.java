package dev.jebena.compute.x86;

import static dev.jebena.compute.x86.Memory.mem;

/// Writes the function that turns sixteen rows of stored blocks into one packed tile
/// ([TileFormat]), for AVX-512 or AVX2. The stored formats are described beside their decoders.
///
/// The work is a transposition: pieces of 16 bytes of each row become vectors with four bytes of
/// each of the rows. With AVX-512 it needs 28 instructions for 256 bytes, so packing runs at about
/// the rate of the memory. AVX2 does eight rows, then the other eight ([#half]).
///
/// Arguments: first row, bytes from one row to the next, count of blocks, packed tile.
final class TilePacking {
    private static final int NIBBLES = 0x0F0F0F0F;

    private final TileFormat format;
    private final Assembler a;
    private final PackingSteps steps;
    private final Gpr[] rows = new Gpr[6];
    private final Gpr rowBytes;
    private final Gpr target;
    private final VectorRegister[] dwords;
    private final VectorRegister[] temps;
    private final VectorRegister[] rowOffsets;
    private final VectorRegister extra;

    /// The eight rows at hand, 0 or 1; always 0 with AVX-512.
    private int half;

    private TilePacking(TileFormat format, Assembler a) {
        this.format = format;
        this.a = a;
        a.save(6);
        Gpr[] arguments = a.arguments(4);
        rows[0] = arguments[0];
        rowBytes = arguments[1];
        target = arguments[3];
        for (int i = 1; i < rows.length; i++) {
            rows[i] = a.general();
            a.lea(rows[i], mem(rows[i - 1], rowBytes, 2, 0));
            a.add(rows[i], rowBytes);
        }
        dwords = a.vectors(8);
        temps = a.vectors(4);
        rowOffsets = a.vectors(64 / a.vectorBytes());
        extra = a.vector();
        steps = new PackingSteps(a, extra);
        rowOffsets();
        a.loop(
                arguments[2],
                () -> {
                    for (half = 0; half < rowOffsets.length; half++) {
                        record();
                    }
                    a.add(target, format.recordBytes());
                    for (Gpr row : rows) {
                        a.add(row, storedBytes());
                    }
                });
        a.leave();
    }

    static Assembler avx512(TileFormat format) {
        return new TilePacking(format, Assembler.avx512("pack_".concat(format.name()))).a;
    }

    static Assembler avx2(TileFormat format) {
        return new TilePacking(format, Assembler.avx2("pack_".concat(format.name()))).a;
    }

    private void rowOffsets() {
        int lanes = a.vectorBytes() / 4;
        a.vmovd(extra.xmm(), rowBytes.dword());
        a.vpbroadcastd(extra, extra.xmm());
        for (int i = 0; i < rowOffsets.length; i++) {
            int[] numbers = new int[lanes];
            for (int lane = 0; lane < lanes; lane++) {
                numbers[lane] = i * lanes + lane;
            }
            a.vpmulld(rowOffsets[i], extra, a.constants(numbers));
        }
    }

    private int storedBytes() {
        return switch (format) {
            case Q4_0, IQ4_NL -> 18;
            case Q4_1 -> 20;
            case Q5_0 -> 22;
            case Q5_1 -> 24;
            case Q8_0 -> 34;
            case Q2_K -> 84;
            case Q3_K -> 110;
            case Q4_K -> 144;
            case Q5_K -> 176;
            case Q6_K -> 210;
            case IQ4_XS -> 136;
        };
    }

    private void record() {
        switch (format) {
            case Q4_0, IQ4_NL -> block(2, -1);
            case Q4_1 -> block(4, -1);
            case Q5_0 -> block(6, 2);
            case Q5_1 -> block(8, 4);
            case Q8_0 -> bytes();
            case Q4_K -> {
                superScales();
                nibblePairs(16, 1);
            }
            case Q5_K -> {
                superScales();
                nibblePairs(48, 1);
                bitPlanes(16);
            }
            case IQ4_XS -> unevenBlocks();
            case Q6_K -> {
                for (int half = 0; half < 2; half++) {
                    nibblePair(64 * half, 4 * half, 4 * half + 2);
                    nibblePair(64 * half + 32, 4 * half + 1, 4 * half + 3);
                    pairPlanes(128 + 32 * half, half, format.highPlane());
                }
                upperHalves(206);
                signedFactors(192);
            }
            case Q3_K -> {
                pairPlanes(32, 0, 0);
                pairPlanes(64, 1, 0);
                bitPlanes(0);
                upperHalves(106);
                threeBitScales();
            }
            case Q2_K -> {
                pairPlanes(16, 0, 0);
                pairPlanes(48, 1, 0);
                gather(temps[0], 80);
                halves(temps[0], 0, 32);
                signedFactors(0);
            }
        }
    }

    /// A plane of part `part`, `offset` bytes behind its begin.
    private Memory plane(int part, int offset) {
        return mem(target, partStart(part) + offset + 32 * half);
    }

    /// Sixteen bytes of part `part`.
    private Memory bytes(int part, int offset) {
        return mem(target, partStart(part) + offset + 8 * half);
    }

    /// Sixteen 16-bit numbers, `offset` bytes behind the record's begin.
    private Memory words(int offset) {
        return mem(target, offset + 16 * half);
    }

    private int partStart(int part) {
        return format.headerBytes() + part * format.partBytes();
    }

    private Memory row(int row, int offset) {
        Gpr base = rows[row / 3];
        return row % 3 == 0 ? mem(base, offset) : mem(base, rowBytes, row % 3, offset);
    }

    /// Reads 16 bytes of each row: vector `first + g` of `dwords` gets bytes 4g to 4g + 3 of all
    /// rows, in order of the rows.
    private void transpose(int offset, int first) {
        VectorRegister[] t = temps;
        for (int i = 0; i < 4; i++) {
            a.vmovdqu(t[i].xmm(), row(8 * half + i, offset));
            if (rowOffsets.length == 2) {
                a.vinserti128(t[i], t[i], row(8 * half + 4 + i, offset), 1);
                continue;
            }
            for (int lane = 1; lane < 4; lane++) {
                a.vinserti32x4(t[i], t[i], row(4 * lane + i, offset), lane);
            }
        }
        VectorRegister[] d = dwords;
        // The last two vectors serve for the first step.
        a.vpunpckldq(d[first], t[0], t[1]);
        a.vpunpckhdq(t[0], t[0], t[1]);
        a.vpunpckldq(d[first + 1], t[2], t[3]);
        a.vpunpckhdq(t[2], t[2], t[3]);
        a.vpunpcklqdq(d[first + 2], t[0], t[2]);
        a.vpunpckhqdq(d[first + 3], t[0], t[2]);
        a.vpunpckhqdq(t[0], d[first], d[first + 1]);
        a.vpunpcklqdq(d[first], d[first], d[first + 1]);
        a.vmovdqa(d[first + 1], t[0]);
    }

    /// Four bytes of each row.
    private void gather(VectorRegister to, int offset) {
        steps.gather(to, rows[0], rowOffsets[half], offset);
    }

    /// Stores the lower and the upper 16 bits of each number.
    private void halves(VectorRegister numbers, int low, int high) {
        steps.storeWords(words(low), numbers);
        a.vpsrld(numbers, numbers, 16);
        steps.storeWords(words(high), numbers);
    }

    /// Stores the 16 bits of each row that lie two bytes behind `offset` in the header; so nothing
    /// behind the block is read.
    private void upperHalves(int offset) {
        gather(temps[0], offset);
        a.vpsrld(temps[0], temps[0], 16);
        steps.storeWords(words(0), temps[0]);
    }

    /// A block with nibbles at `offset` and, if `fifth` is not negative, fifth bits.
    private void block(int offset, int fifth) {
        transpose(offset, 0);
        for (int i = 0; i < 4; i++) {
            a.vmovdqu(plane(0, 64 * i), dwords[i]);
        }
        if (fifth >= 0) {
            gather(temps[0], fifth);
            fifthBits(temps[0], temps[1]);
            a.vmovdqu(plane(0, format.highPlane()), temps[0]);
        }
        gather(temps[2], 0);
        if (format.offset) {
            halves(temps[2], format.scales(), format.offsets());
        } else {
            steps.storeWords(words(format.scales()), temps[2]);
        }
    }

    /// Bit 4j + i of each number goes to bit `TileFormat.bitOf(j)` of its byte i: two digits of the
    /// place of a bit, written in base 2, change places with two others.
    private void fifthBits(VectorRegister numbers, VectorRegister t) {
        steps.swap(numbers, t, 14, 0x0000CCCC);
        steps.swap(numbers, t, 7, 0x00AA00AA);
    }

    /// Signed bytes; the zero point makes them unsigned.
    private void bytes() {
        a.fill(extra, 0x80808080);
        for (int piece = 0; piece < 2; piece++) {
            transpose(2 + 16 * piece, 4 * piece);
            for (int i = 4 * piece; i < 4 * piece + 4; i++) {
                a.vpxor(dwords[i], dwords[i], extra);
                a.vmovdqu(plane(0, 64 * i), dwords[i]);
            }
        }
        gather(temps[0], 0);
        steps.storeWords(words(format.scales()), temps[0]);
    }

    /// Four times 32 bytes whose low nibbles are one part and whose high nibbles another.
    private void nibblePairs(int offset, int distance) {
        for (int pair = 0; pair < 4; pair++) {
            nibblePair(offset + 32 * pair, 2 * pair, 2 * pair + distance);
        }
    }

    private void nibblePair(int offset, int lowPart, int highPart) {
        transpose(offset, 0);
        transpose(offset + 16, 4);
        for (int i = 0; i < 4; i++) {
            VectorRegister low = dwords[i];
            VectorRegister high = dwords[i + 4];
            VectorRegister joined = temps[i];
            a.vpsllw(joined, high, 4);
            steps.select(extra, NIBBLES, low, joined);
            a.vmovdqu(plane(lowPart, 64 * i), extra);
            a.vpsrlw(joined, low, 4);
            steps.select(extra, NIBBLES, joined, high);
            a.vmovdqu(plane(highPart, 64 * i), extra);
        }
    }

    /// 32 bytes with two bits for each of the four parts of half a super-block.
    private void pairPlanes(int offset, int half, int plane) {
        transpose(offset, 0);
        transpose(offset + 16, 4);
        for (int part = 0; part < 4; part++) {
            for (int vector = 0; vector < 2; vector++) {
                VectorRegister joined = temps[0];
                for (int j = 0; j < 4; j++) {
                    VectorRegister moved = j == 0 ? joined : temps[1];
                    shift(moved, dwords[4 * vector + j], 2 * (j - part));
                    if (j > 0) {
                        steps.select(extra, 0x03030303 << (2 * j), moved, joined);
                        a.vmovdqa(joined, extra);
                    }
                }
                a.vmovdqu(plane(4 * half + part, plane + 64 * vector), joined);
            }
        }
    }

    /// 32 bytes with one bit for each of the eight parts.
    private void bitPlanes(int offset) {
        transpose(offset, 0);
        transpose(offset + 16, 4);
        for (int part = 0; part < 8; part++) {
            VectorRegister joined = temps[0];
            for (int j = 0; j < 8; j++) {
                int bit = TileFormat.bitOf(j);
                shift(temps[1], dwords[j], bit - part);
                if (j == 0) {
                    steps.and(joined, temps[1], 0x01010101 << bit);
                } else {
                    steps.orBits(joined, temps[1], 0x01010101 << bit);
                }
            }
            a.vmovdqu(plane(part, format.highPlane()), joined);
        }
    }

    private void shift(VectorRegister to, VectorRegister from, int left) {
        if (left > 0) {
            a.vpsllw(to, from, left);
        } else if (left < 0) {
            a.vpsrlw(to, from, -left);
        } else {
            a.vmovdqa(to, from);
        }
    }

    /// The scales and minimums of Q4_K and Q5_K: byte i of four vectors is factor i, 4 + i of the
    /// scales, then of the minimums.
    private void superScales() {
        transpose(0, 0);
        VectorRegister d = dwords[0];
        VectorRegister scales = dwords[1];
        VectorRegister minimums = dwords[2];
        VectorRegister rest = dwords[3];
        halves(d, 0, 32);
        VectorRegister upper = dwords[4];
        upperFactors(upper, scales, rest);
        a.vpsrlw(rest, rest, 4);
        VectorRegister upperMinimums = dwords[5];
        upperFactors(upperMinimums, minimums, rest);
        steps.and(scales, scales, 0x3F3F3F3F);
        steps.and(minimums, minimums, 0x3F3F3F3F);
        for (int i = 0; i < 4; i++) {
            steps.storeBytes(bytes(i, format.scales()), scales);
            steps.storeBytes(bytes(4 + i, format.scales()), upper);
            steps.storeBytes(bytes(i, format.offsets()), minimums);
            steps.storeBytes(bytes(4 + i, format.offsets()), upperMinimums);
            for (VectorRegister factors :
                    new VectorRegister[] {scales, upper, minimums, upperMinimums}) {
                a.vpsrld(factors, factors, 8);
            }
        }
    }

    /// Low four bits from `low`, the two above from the top of `high`.
    private void upperFactors(VectorRegister to, VectorRegister high, VectorRegister low) {
        a.vpsrlw(to, high, 2);
        steps.select(extra, NIBBLES, low, to);
        steps.and(to, extra, 0x3F3F3F3F);
    }

    /// Sixteen bytes in order of the halves of the parts.
    private void signedFactors(int offset) {
        transpose(offset, 0);
        for (int i = 0; i < 4; i++) {
            factors(dwords[i], 4 * i);
        }
    }

    /// Stores the four bytes of each number as the factors `first` to `first + 3`.
    private void factors(VectorRegister numbers, int first) {
        for (int i = first; i < first + 4; i++) {
            steps.storeBytes(bytes(i / 2, format.scales() + 16 * (i % 2)), numbers);
            a.vpsrld(numbers, numbers, 8);
        }
    }

    private void threeBitScales() {
        gather(dwords[0], 96);
        gather(dwords[1], 100);
        gather(dwords[2], 104);
        for (int i = 0; i < 4; i++) {
            VectorRegister low = temps[0];
            VectorRegister upper = temps[1];
            shift(low, dwords[i % 2], i < 2 ? 0 : -4);
            steps.and(low, low, NIBBLES);
            shift(upper, dwords[2], 4 - 2 * i);
            steps.and(upper, upper, 0x30303030);
            a.vpor(low, low, upper);
            a.fill(extra, 0x20202020);
            a.vpsubb(low, low, extra);
            factors(low, 4 * i);
        }
    }

    private void unevenBlocks() {
        for (int part = 0; part < 8; part++) {
            transpose(8 + 16 * part, 0);
            for (int i = 0; i < 4; i++) {
                a.vmovdqu(plane(part, 64 * i), dwords[i]);
            }
        }
        VectorRegister upper = dwords[0];
        VectorRegister low = dwords[1];
        gather(upper, 0);
        gather(low, 4);
        steps.storeWords(words(0), upper);
        for (int part = 0; part < 8; part++) {
            VectorRegister factor = temps[0];
            VectorRegister bits = temps[1];
            a.vpsrld(bits, upper, 16 + 2 * part);
            a.vpslld(bits, bits, 4);
            steps.and(bits, bits, 0x30303030);
            shift32(factor, low, 4 * part);
            steps.and(factor, factor, NIBBLES);
            a.vpor(factor, factor, bits);
            a.fill(extra, 32);
            a.vpsubd(factor, factor, extra);
            steps.storeBytes(bytes(part, format.scales()), factor);
        }
    }

    private void shift32(VectorRegister to, VectorRegister from, int right) {
        if (right == 0) {
            a.vmovdqa(to, from);
        } else {
            a.vpsrld(to, from, right);
        }
    }
}
