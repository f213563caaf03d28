package dev.jebena.compute.x86;

import static dev.jebena.compute.x86.Memory.mem;

/// Writes the function that turns sixteen rows of stored blocks into one packed tile
/// ([TileFormat]), for AVX-512. The stored formats are described beside their decoders.
///
/// The work is a transposition: pieces of 16 bytes of each row become vectors with four bytes of
/// each of the sixteen rows. It needs 28 instructions for 256 bytes, so packing runs at about the
/// rate of the memory.
///
/// Arguments: first row, bytes from one row to the next, count of blocks, packed tile.
final class TilePacking {
    private static final int SELECT = 0xCA; // a ? b : c, bit by bit
    private static final int AND_OF_XOR = 0x28; // (a ^ b) & c

    private final TileFormat format;
    private final Assembler a;
    private final Gpr[] rows = new Gpr[6];
    private final Gpr rowBytes;
    private final Gpr target;
    private final VectorRegister[] dwords;
    private final VectorRegister[] temps;
    private final VectorRegister rowOffsets;
    private final VectorRegister nibbles;
    private final VectorRegister[] pairs;
    private final VectorRegister extra;

    private TilePacking(TileFormat format) {
        this.format = format;
        a = Assembler.avx512("pack_" + format);
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
        rowOffsets = a.vector();
        nibbles = a.vector();
        extra = a.vector();
        pairs = a.vectors(4);
        prepare();
        a.loop(
                arguments[2],
                () -> {
                    record();
                    a.add(target, format.recordBytes());
                    for (Gpr row : rows) {
                        a.add(row, storedBytes());
                    }
                });
        a.leave();
    }

    static Assembler assemble(TileFormat format) {
        return new TilePacking(format).a;
    }

    private void prepare() {
        int[] numbers = new int[16];
        for (int i = 0; i < 16; i++) {
            numbers[i] = i;
        }
        a.vpbroadcastd(rowOffsets, rowBytes.dword());
        a.vpmulld(rowOffsets, rowOffsets, a.constants(numbers));
        a.fill(nibbles, 0x0F0F0F0F);
        for (int i = 0; i < 4; i++) {
            a.fill(pairs[i], 0x03030303 << (2 * i));
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
                halves(temps[0], mem(target, 0), mem(target, 32));
                signedFactors(0);
            }
        }
    }

    /// Where part `part` of the record begins, `offset` bytes on.
    private Memory at(int part, int offset) {
        return mem(target, format.headerBytes() + part * format.partBytes() + offset);
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
            a.vmovdqu(t[i].xmm(), row(i, offset));
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
        MaskRegister all = MaskRegister.k(1);
        a.kxnorw(all, all, all);
        a.vpgatherdd(to.masked(all), mem(rows[0], rowOffsets, 1, offset));
    }

    /// Stores the lower and the upper 16 bits of each number.
    private void halves(VectorRegister numbers, Memory low, Memory high) {
        a.vpmovdw(low, numbers);
        a.vpsrld(numbers, numbers, 16);
        a.vpmovdw(high, numbers);
    }

    /// Stores the 16 bits of each row that lie two bytes behind `offset` in the header; so nothing
    /// behind the block is read.
    private void upperHalves(int offset) {
        gather(temps[0], offset);
        a.vpsrld(temps[0], temps[0], 16);
        a.vpmovdw(mem(target, 0), temps[0]);
    }

    /// A block with nibbles at `offset` and, if `fifth` is not negative, fifth bits.
    private void block(int offset, int fifth) {
        transpose(offset, 0);
        for (int i = 0; i < 4; i++) {
            a.vmovdqu(at(0, 64 * i), dwords[i]);
        }
        if (fifth >= 0) {
            gather(temps[0], fifth);
            fifthBits(temps[0], temps[1]);
            a.vmovdqu(at(0, format.highPlane()), temps[0]);
        }
        gather(temps[2], 0);
        if (format.offset) {
            halves(temps[2], at(0, format.scales()), at(0, format.offsets()));
        } else {
            a.vpmovdw(at(0, format.scales()), temps[2]);
        }
    }

    /// Bit 4j + i of each number goes to bit `TileFormat.bitOf(j)` of its byte i: two digits of the
    /// place of a bit, written in base 2, change places with two others.
    private void fifthBits(VectorRegister numbers, VectorRegister t) {
        swap(numbers, t, 14, 0x0000CCCC);
        swap(numbers, t, 7, 0x00AA00AA);
    }

    /// Exchanges the bits in `low` with those `distance` places above.
    private void swap(VectorRegister numbers, VectorRegister t, int distance, int low) {
        a.vpsrld(t, numbers, distance);
        a.fill(extra, low);
        a.vpternlogd(t, numbers, extra, AND_OF_XOR);
        a.vpxord(numbers, numbers, t);
        a.vpslld(t, t, distance);
        a.vpxord(numbers, numbers, t);
    }

    /// Signed bytes; the zero point makes them unsigned.
    private void bytes() {
        a.fill(extra, 0x80808080);
        for (int piece = 0; piece < 2; piece++) {
            transpose(2 + 16 * piece, 4 * piece);
            for (int i = 4 * piece; i < 4 * piece + 4; i++) {
                a.vpxord(dwords[i], dwords[i], extra);
                a.vmovdqu(at(0, 64 * i), dwords[i]);
            }
        }
        gather(temps[0], 0);
        a.vpmovdw(at(0, format.scales()), temps[0]);
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
            a.vmovdqa(extra, nibbles);
            a.vpternlogd(extra, low, joined, SELECT);
            a.vmovdqu(at(lowPart, 64 * i), extra);
            a.vpsrlw(joined, low, 4);
            a.vmovdqa(extra, nibbles);
            a.vpternlogd(extra, joined, high, SELECT);
            a.vmovdqu(at(highPart, 64 * i), extra);
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
                        a.vmovdqa(extra, pairs[j]);
                        a.vpternlogd(extra, moved, joined, SELECT);
                        a.vmovdqa(joined, extra);
                    }
                }
                a.vmovdqu(at(4 * half + part, plane + 64 * vector), joined);
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
                a.fill(extra, 0x01010101 << bit);
                if (j == 0) {
                    a.vpandd(joined, temps[1], extra);
                } else {
                    a.vpternlogd(joined, temps[1], extra, 0xF8);
                }
            }
            a.vmovdqu(at(part, format.highPlane()), joined);
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
        halves(d, mem(target, 0), mem(target, 32));
        VectorRegister upper = dwords[4];
        upperFactors(upper, scales, rest);
        a.vpsrlw(rest, rest, 4);
        VectorRegister upperMinimums = dwords[5];
        upperFactors(upperMinimums, minimums, rest);
        a.fill(extra, 0x3F3F3F3F);
        a.vpandd(scales, scales, extra);
        a.vpandd(minimums, minimums, extra);
        for (int i = 0; i < 4; i++) {
            a.vpmovdb(at(i, format.scales()), scales);
            a.vpmovdb(at(4 + i, format.scales()), upper);
            a.vpmovdb(at(i, format.offsets()), minimums);
            a.vpmovdb(at(4 + i, format.offsets()), upperMinimums);
            for (VectorRegister factors :
                    new VectorRegister[] {scales, upper, minimums, upperMinimums}) {
                a.vpsrld(factors, factors, 8);
            }
        }
    }

    /// Low four bits from `low`, the two above from the top of `high`.
    private void upperFactors(VectorRegister to, VectorRegister high, VectorRegister low) {
        a.vpsrlw(to, high, 2);
        a.vmovdqa(extra, nibbles);
        a.vpternlogd(extra, low, to, SELECT);
        a.fill(to, 0x3F3F3F3F);
        a.vpandd(to, extra, to);
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
            a.vpmovdb(at(i / 2, format.scales() + 16 * (i % 2)), numbers);
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
            a.vpandd(low, low, nibbles);
            shift(upper, dwords[2], 4 - 2 * i);
            a.vpandd(upper, upper, pairs[2]);
            a.vpord(low, low, upper);
            a.fill(extra, 0x20202020);
            a.vpsubb(low, low, extra);
            factors(low, 4 * i);
        }
    }

    private void unevenBlocks() {
        for (int part = 0; part < 8; part++) {
            transpose(8 + 16 * part, 0);
            for (int i = 0; i < 4; i++) {
                a.vmovdqu(at(part, 64 * i), dwords[i]);
            }
        }
        VectorRegister upper = dwords[0];
        VectorRegister low = dwords[1];
        gather(upper, 0);
        gather(low, 4);
        a.vpmovdw(mem(target, 0), upper);
        for (int part = 0; part < 8; part++) {
            VectorRegister factor = temps[0];
            VectorRegister bits = temps[1];
            a.vpsrld(bits, upper, 16 + 2 * part);
            a.vpslld(bits, bits, 4);
            a.vpandd(bits, bits, pairs[2]);
            shift32(factor, low, 4 * part);
            a.vpandd(factor, factor, nibbles);
            a.vpord(factor, factor, bits);
            a.fill(extra, 32);
            a.vpsubd(factor, factor, extra);
            a.vpmovdb(at(part, format.scales()), factor);
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
