package dev.jebena.compute.x86;

import static dev.jebena.compute.x86.Memory.broadcast;
import static dev.jebena.compute.x86.Memory.mem;

/// Writes the product of packed weights ([TileFormat]) with 8-bit activations for AVX-512 VNNI.
///
/// One function computes `rows` rows of activations times `tiles` tiles of 16 outputs at a time,
/// for any number of tiles one after the other. Each row and tile has a vector of sixteen integer
/// sums for the part at hand and one of sixteen float sums. The arithmetic, step by step, is the
/// one of the scalar reference, so the results are the same bits.
///
/// With two tiles each activation is loaded once for both: two loads a cycle are what the newest
/// CPUs can do, and two dot products a cycle would need three with one tile.
///
/// Arguments: packed weights, steps (of `tiles` tiles), records of a tile, activations, results,
/// bytes from one row of results to the next, mask of the outputs that the last tile of each step
/// writes.
final class Int8Product {
    /// Layout of a block of activations; the integers are negated sums of the 8-bit numbers.
    private static final int X_BYTES = 48;

    private static final int X_SCALE = 32;
    private static final int X_FIRST_SUM = 36;
    private static final int X_LAST_SUM = 40;
    private static final int X_SUM = 44;

    private static final int SELECT_OR_AND = 0xF8; // a | (b & c)

    private final TileFormat format;
    private final int rows;
    private final int tiles;
    private final Assembler a;

    private final Gpr weights;
    private final Gpr header;
    private final Gpr tileBytes;
    private final Gpr rowBytes;
    private final Gpr[] x;

    private final VectorRegister[] sums;
    private final VectorRegister[] dots;
    private final VectorRegister[] parts;
    private final VectorRegister[] free;
    private final VectorRegister lowMask;
    private final VectorRegister highMask;
    private final VectorRegister table;

    private Int8Product(TileFormat format, int rows, int tiles) {
        this.format = format;
        this.rows = rows;
        this.tiles = tiles;
        a = Assembler.avx512("multiply_%s_%dx%d".formatted(format, rows, tiles));
        a.save(6);
        Gpr[] arguments = a.arguments(6);
        weights = arguments[0];
        Gpr records = arguments[2];
        x = new Gpr[(rows + 2) / 3];
        x[0] = arguments[3];
        MaskRegister written = a.mask();
        a.kmovw(written, a.stackArgument(6));
        rowBytes = a.general();
        tileBytes = a.general();
        header = format.isSuper ? a.general() : weights;
        a.imul(rowBytes, records, format.parts() * X_BYTES);
        a.imul(tileBytes, records, format.recordBytes());
        for (int i = 1; i < x.length; i++) {
            x[i] = a.general();
            a.lea(x[i], mem(x[i - 1], rowBytes, 2, 0));
            a.add(x[i], rowBytes);
        }
        sums = a.vectors(rows * tiles);
        dots = a.vectors(rows * tiles);
        parts = format.halves ? a.vectors(rows * tiles) : dots;
        lowMask =
                format.lowBits < 8
                        ? constant(format.lowBits == 4 ? 0x0F0F0F0F : 0x03030303)
                        : sums[0];
        highMask = format.highBits > 0 ? constant(highBitsMask()) : lowMask;
        table = format.lookup ? table() : lowMask;
        free = a.vectors(Math.max(tiles + 1, format.offset || format.isSuper ? 3 : 2));
        emit(arguments[1], records, arguments[4], arguments[5], written);
    }

    /// The most rows that fit into the registers with `tiles` tiles.
    static int mostRows(TileFormat format, int tiles) {
        int others = Math.max(tiles + 1, format.offset || format.isSuper ? 3 : 2);
        others += (format.lowBits < 8 ? 1 : 0) + (format.highBits > 0 ? 1 : 0);
        others += format.lookup ? 1 : 0;
        return Math.min(12, (32 - others) / (tiles * (format.halves ? 3 : 2)));
    }

    static Assembler assemble(TileFormat format, int rows, int tiles) {
        return new Int8Product(format, rows, tiles).a;
    }

    private VectorRegister constant(int value) {
        VectorRegister register = a.vector();
        a.fill(register, value);
        return register;
    }

    private int highBitsMask() {
        int ones = (1 << format.highBits) - 1;
        return 0x01010101 * (ones << format.lowBits);
    }

    private VectorRegister table() {
        VectorRegister register = a.vector();
        byte[] values = {
            1, 24, 45, 63, 79, 93, 106, 118, -127, -115, -103, -90, -75, -59, -39, -15
        };
        a.vbroadcasti32x4(register, a.constants(values));
        return register;
    }

    private void emit(Gpr steps, Gpr records, Gpr y, Gpr yBytes, MaskRegister written) {
        Gpr count = a.general();
        a.loop(
                steps,
                () -> {
                    for (VectorRegister sum : sums) {
                        a.clear(sum);
                    }
                    a.mov(count, records);
                    a.loop(count, this::record);
                    store(y, yBytes, written);
                    a.add(y, 64 * tiles);
                    if (tiles == 2) {
                        a.add(weights, tileBytes);
                    }
                    for (Gpr pointer : x) {
                        a.sub(pointer, rowBytes);
                    }
                });
        a.leave();
    }

    private void record() {
        if (!format.isSuper) {
            part();
            return;
        }
        Gpr count = a.general();
        a.mov(header, weights);
        a.add(weights, format.headerBytes());
        a.mov(count, format.parts());
        a.loop(count, this::part);
    }

    private void part() {
        for (int half = 0; half < (format.halves ? 2 : 1); half++) {
            begin(half);
            int groups = format.halves ? 4 : 8;
            for (int group = half * groups; group < (half + 1) * groups; group++) {
                multiply(group);
            }
            for (int tile = 0; tile < tiles; tile++) {
                scale(tile, half);
            }
        }
        for (int tile = 0; tile < tiles; tile++) {
            if (format.offset) {
                for (int half = 0; half < (format.halves ? 2 : 1); half++) {
                    offset(tile, half);
                }
            }
            for (int row = 0; row < rows; row++) {
                a.vfmadd231ps(sum(tile, row), part(tile, row), xBroadcast(row, X_SCALE));
            }
        }
        a.add(weights, format.partBytes());
        for (Gpr pointer : x) {
            a.add(pointer, X_BYTES);
        }
    }

    /// Sets the integer sums to what the zero point takes away: `-sum(a) << zeroShift`.
    private void begin(int half) {
        int from = format.halves ? (half == 0 ? X_FIRST_SUM : X_LAST_SUM) : X_SUM;
        for (int row = 0; row < rows; row++) {
            for (int tile = 0; tile < tiles; tile++) {
                if (format.zeroShift < 0) {
                    a.clear(dot(tile, row));
                } else if (tile == 0) {
                    a.vpslld(dot(0, row), xBroadcast(row, from), format.zeroShift);
                } else {
                    a.vmovdqa(dot(tile, row), dot(0, row));
                }
            }
        }
    }

    private void multiply(int group) {
        for (int tile = 0; tile < tiles; tile++) {
            unpack(group, tile, free[tile]);
        }
        for (int row = 0; row < rows; row++) {
            Memory four = xBroadcast(row, 4 * group);
            if (tiles == 1) {
                a.vpdpbusd(dot(0, row), free[0], four);
                continue;
            }
            a.vpbroadcastd(
                    free[tiles],
                    new Memory(
                            four.base(),
                            four.index(),
                            four.scale(),
                            four.displacement(),
                            false,
                            0,
                            null));
            for (int tile = 0; tile < tiles; tile++) {
                a.vpdpbusd(dot(tile, row), free[tile], free[tiles]);
            }
        }
    }

    /// The numbers of one group as unsigned bytes.
    private void unpack(int group, int tile, VectorRegister to) {
        switch (format.lowBits) {
            case 8 -> a.vmovdqu(to, weight(tile, 64 * group));
            case 4 -> field(to, weight(tile, 64 * (group & 3)), group & 4);
            default -> field(to, weight(tile, 64 * (group >> 2)), 2 * (group & 3));
        }
        if (format.lookup) {
            a.vpshufb(to, table, to);
        }
        if (format.highBits > 0) {
            boolean pairs = format.highBits == 2;
            int plane = format.highPlane() + (pairs ? 64 * (group >> 2) : 0);
            int bit = pairs ? 2 * (group & 3) : TileFormat.bitOf(group);
            VectorRegister high = free[tiles];
            shift(high, weight(tile, plane), format.lowBits - bit);
            a.vpternlogd(to, high, highMask, SELECT_OR_AND);
        }
    }

    private void field(VectorRegister to, Memory plane, int bit) {
        if (bit == 0) {
            a.vpandd(to, lowMask, plane);
        } else {
            a.vpsrlw(to, plane, bit);
            a.vpandd(to, to, lowMask);
        }
    }

    private void shift(VectorRegister to, Memory plane, int left) {
        if (left > 0) {
            a.vpsllw(to, plane, left);
        } else if (left < 0) {
            a.vpsrlw(to, plane, -left);
        } else {
            a.vmovdqu(to, plane);
        }
    }

    /// Adds the integer sums of the part, or of its half, times their scale.
    private void scale(int tile, int half) {
        VectorRegister scale = free[0];
        factor(scale, tile, format.scales(), half, 0);
        for (int row = 0; row < rows; row++) {
            VectorRegister dot = dot(tile, row);
            a.vcvtdq2ps(dot, dot);
            if (half == 0) {
                a.vmulps(part(tile, row), dot, scale);
            } else {
                a.vfmadd231ps(part(tile, row), dot, scale);
            }
        }
    }

    /// Adds the sums of the activations times the offset. They are stored negated, and what the
    /// super-blocks store is a minimum to subtract; so that one is added.
    private void offset(int tile, int half) {
        VectorRegister offset = free[0];
        VectorRegister sum = free[1];
        factor(offset, tile, format.offsets(), half, 32);
        int from = format.halves ? (half == 0 ? X_FIRST_SUM : X_LAST_SUM) : X_SUM;
        for (int row = 0; row < rows; row++) {
            a.vcvtdq2ps(sum, xBroadcast(row, from));
            if (format.isSuper) {
                a.vfmadd231ps(part(tile, row), offset, sum);
            } else {
                a.vfnmadd231ps(part(tile, row), offset, sum);
            }
        }
    }

    /// Sixteen scales or offsets as float32; `shared` is where their common factor lies in the
    /// header.
    private void factor(VectorRegister to, int tile, int at, int half, int shared) {
        if (!format.isSuper) {
            a.vcvtph2ps(to, weight(tile, at));
            return;
        }
        Memory bytes = weight(tile, at + 16 * half);
        if (format.joined()) {
            a.vpmovzxbd(to, bytes);
            if (shared == 0) {
                a.vpandd(to, to, a.constants(15).broadcast());
            } else {
                a.vpsrld(to, to, 4);
            }
        } else {
            a.vpmovsxbd(to, bytes);
        }
        a.vcvtdq2ps(to, to);
        VectorRegister d = free[2];
        a.vcvtph2ps(d, at(header, tile, shared));
        a.vmulps(to, to, d);
    }

    private void store(Gpr y, Gpr yBytes, MaskRegister written) {
        Gpr to = a.general();
        a.mov(to, y);
        for (int row = 0; row < rows; row++) {
            for (int tile = 0; tile < tiles; tile++) {
                Memory place = mem(to, 64 * tile);
                a.vmovups(tile == tiles - 1 ? place.masked(written) : place, sum(tile, row));
            }
            a.add(to, yBytes);
        }
    }

    private Memory weight(int tile, int offset) {
        return at(weights, tile, offset);
    }

    private Memory at(Gpr base, int tile, int offset) {
        return tile == 0 ? mem(base, offset) : mem(base, tileBytes, 1, offset);
    }

    /// A number of the current block of a row, in all places of the vector.
    private Memory xBroadcast(int row, int offset) {
        Gpr base = x[row / 3];
        return row % 3 == 0 ? broadcast(base, offset) : broadcast(base, rowBytes, row % 3, offset);
    }

    private VectorRegister sum(int tile, int row) {
        return sums[tile * rows + row];
    }

    private VectorRegister dot(int tile, int row) {
        return dots[tile * rows + row];
    }

    private VectorRegister part(int tile, int row) {
        return parts[tile * rows + row];
    }
}
