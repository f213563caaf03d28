package dev.jebena.compute.x86;

import static dev.jebena.compute.x86.Memory.mem;

/// [ProductCode] for AVX-512 VNNI: each row and tile has a vector of sixteen integer sums for the
/// part at hand and one of sixteen float sums.
///
/// With two tiles each activation is loaded once for both: two loads a cycle are what the newest
/// CPUs can do, and two dot products a cycle would need three with one tile.
final class Avx512Product extends ProductCode {
    private static final int OR_OF_AND = 0xF8; // a | (b & c)

    private final VectorRegister[] sums;
    private final VectorRegister[] dots;
    private final VectorRegister[] parts;
    private final VectorRegister[] free;
    private final VectorRegister lowMask;
    private final VectorRegister highMask;
    private final VectorRegister table;
    private final MaskRegister written;

    private Avx512Product(TileFormat format, int rows, int tiles, boolean cold) {
        super(format, rows, tiles, cold, Assembler.avx512(name(format, rows, tiles, cold)));
        sums = a.vectors(rows * tiles);
        dots = a.vectors(rows * tiles);
        parts = format.halves ? a.vectors(rows * tiles) : dots;
        lowMask = format.lowBits < 8 ? a.vector() : sums[0];
        highMask = format.highBits > 0 ? a.vector() : lowMask;
        table = format.lookup ? a.vector() : lowMask;
        free = a.vectors(freeRegisters(format, tiles));
        written = a.mask();
    }

    static Assembler assemble(TileFormat format, int rows, int tiles, boolean cold) {
        Avx512Product product = new Avx512Product(format, rows, tiles, cold);
        product.emit();
        return product.a;
    }

    private static int freeRegisters(TileFormat format, int tiles) {
        return Math.max(tiles + 1, format.offset || format.isSuper ? 3 : 2);
    }

    /// Tiles to compute at a time when there are many rows. Where unpacking and scales take much of
    /// the time, one tile with more rows shares them among more products (measured on Zen 5: Q6_K
    /// 247 against 179, Q4_K 307 against 288, Q4_1 318 against 309 billion products a second; Q4_0
    /// 310 against 347).
    static int bestTiles(TileFormat format) {
        return format.offset || format.halves ? 1 : 2;
    }

    /// The most rows that fit into the registers with `tiles` tiles.
    static int mostRows(TileFormat format, int tiles) {
        int constants = (format.lowBits < 8 ? 1 : 0) + (format.highBits > 0 ? 1 : 0);
        constants += format.lookup ? 1 : 0;
        int left = 32 - freeRegisters(format, tiles) - constants;
        return Math.min(12, left / (tiles * (format.halves ? 3 : 2)));
    }

    @Override
    void prepare() {
        if (format.lowBits < 8) {
            a.fill(lowMask, lowBitsMask(format));
        }
        if (format.highBits > 0) {
            a.fill(highMask, highBitsMask(format));
        }
        if (format.lookup) {
            a.vbroadcasti32x4(table, a.constants(lookupTable()));
        }
        a.inScope(() -> {
            Gpr mask = a.general();
            a.mov(mask, -1);
            a.bzhi(mask, mask, outputs);
            a.kmovw(written, mask);
        });
    }

    @Override
    void clearSums() {
        for (VectorRegister sum : sums) {
            a.clear(sum);
        }
    }

    @Override
    void part() {
        for (int half = 0; half < halves(); half++) {
            begin(half);
            int groups = 8 / halves();
            for (int group = half * groups; group < (half + 1) * groups; group++) {
                prefetch(group);
                multiply(group);
            }
            for (int tile = 0; tile < tiles; tile++) {
                scale(tile, half);
            }
        }
        for (int tile = 0; tile < tiles; tile++) {
            for (int half = 0; format.offset && half < halves(); half++) {
                offset(tile, half);
            }
            for (int row = 0; row < rows; row++) {
                a.vfmadd231ps(sum(tile, row), part(tile, row), x(row, X_SCALE).broadcast());
            }
        }
    }

    /// Sets the integer sums to what the zero point takes away: `-sum(a) << zeroShift`.
    private void begin(int half) {
        for (int row = 0; row < rows; row++) {
            for (int tile = 0; tile < tiles; tile++) {
                if (format.zeroShift < 0) {
                    a.clear(dot(tile, row));
                } else if (tile == 0) {
                    a.vpslld(dot(0, row), x(row, xSum(half)).broadcast(), format.zeroShift);
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
            Memory four = x(row, 4 * group);
            if (tiles == 1) {
                a.vpdpbusd(dot(0, row), free[0], four.broadcast());
                continue;
            }
            a.vpbroadcastd(free[tiles], four);
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
            VectorRegister high = free[tiles];
            shift(high, weight(tile, highPlane(group)), format.lowBits - highBit(group));
            a.vpternlogd(to, high, highMask, OR_OF_AND);
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
        for (int row = 0; row < rows; row++) {
            a.vcvtdq2ps(sum, x(row, xSum(half)).broadcast());
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
        a.vcvtph2ps(d, header(tile, shared));
        a.vmulps(to, to, d);
    }

    @Override
    void store(Gpr y, Gpr yBytes) {
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
