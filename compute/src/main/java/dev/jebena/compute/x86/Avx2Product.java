package dev.jebena.compute.x86;

import static dev.jebena.compute.x86.Memory.mem;

import java.util.HashMap;
import java.util.Map;

/// [ProductCode] for AVX2, with or without VNNI's dot product: each row has two vectors of eight
/// sums, the sides of the tile, for integers and for floats. Where there are more rows than
/// registers for both, the floats lie on the stack: a load and a store for eight products.
///
/// Without VNNI a product of unsigned with signed bytes is added up in pairs to 16 bits, which
/// would be too few for weights of all 8 bits. Those are taken as signed: their magnitudes are
/// multiplied with activations that have got their sign. (Then a block of activations with
/// infinities, whose numbers may be -128, can give another infinity or NaN than the reference.)
final class Avx2Product extends ProductCode {
    private final boolean vnni;
    private final boolean signed;
    private final boolean floatsOnStack;
    private final VectorRegister[] sums;
    private final VectorRegister[] dots;
    private final VectorRegister[] parts;

    /// Weights of both sides, an activation, then what else the products need.
    private final VectorRegister[] free;

    private final Map<Integer, Memory> constants = new HashMap<>();

    private Avx2Product(TileFormat format, int rows, boolean cold, boolean vnni) {
        super(format, rows, 1, cold, Assembler.avx2(name(format, rows, 1, cold)));
        this.vnni = vnni;
        signed = signed(format, vnni);
        floatsOnStack = rows > rowsInRegisters(format, vnni);
        sums = a.vectors(floatsOnStack ? 0 : 2 * rows);
        dots = a.vectors(2 * rows);
        parts = format.halves && !floatsOnStack ? a.vectors(2 * rows) : dots;
        free = a.vectors(freeRegisters(format, vnni));
    }

    static Assembler assemble(TileFormat format, int rows, boolean cold, boolean vnni) {
        Avx2Product product = new Avx2Product(format, rows, cold, vnni);
        product.emit();
        return product.a;
    }

    private static boolean signed(TileFormat format, boolean vnni) {
        return !vnni && format.zeroShift == 7;
    }

    private static int freeRegisters(TileFormat format, boolean vnni) {
        return signed(format, vnni) ? 6 : vnni ? 3 : 4;
    }

    private static int rowsInRegisters(TileFormat format, boolean vnni) {
        return (16 - freeRegisters(format, vnni)) / (format.halves ? 6 : 4);
    }

    /// The most rows that one function computes: their integer sums are in registers.
    static int mostRows(TileFormat format, boolean vnni) {
        return (16 - freeRegisters(format, vnni)) / 2;
    }

    /// The sums, then the parts where there are halves.
    @Override
    int stackVectors() {
        return floatsOnStack ? 2 * rows * halves() : 0;
    }

    @Override
    void prepare() {}

    @Override
    void clearSums() {
        for (VectorRegister sum : sums) {
            a.clear(sum);
        }
        if (floatsOnStack) {
            a.clear(free[0]);
            for (int i = 0; i < 2 * rows; i++) {
                a.vmovups(onStack(i), free[0]);
            }
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
            for (int side = 0; side < 2; side++) {
                scale(side, half);
            }
        }
        for (int side = 0; side < 2; side++) {
            for (int half = 0; format.offset && half < halves(); half++) {
                offset(side, half);
            }
        }
        VectorRegister scale = free[0];
        for (int row = 0; row < rows; row++) {
            a.vbroadcastss(scale, x(row, X_SCALE));
            for (int i = 2 * row; i < 2 * row + 2; i++) {
                VectorRegister sum = loadSum(i);
                a.vfmadd231ps(sum, parts[i], scale);
                if (floatsOnStack) {
                    a.vmovups(onStack(i), sum);
                }
            }
        }
    }

    private VectorRegister loadSum(int index) {
        if (!floatsOnStack) {
            return sums[index];
        }
        a.vmovups(free[1], onStack(index));
        return free[1];
    }

    private void begin(int half) {
        for (int row = 0; row < rows; row++) {
            VectorRegister first = dots[2 * row];
            if (format.zeroShift < 0 || signed) {
                a.clear(first);
                a.clear(dots[2 * row + 1]);
            } else {
                a.vpbroadcastd(first, x(row, xSum(half)));
                a.vpslld(first, first, format.zeroShift);
                a.vmovdqa(dots[2 * row + 1], first);
            }
        }
    }

    private void multiply(int group) {
        VectorRegister four = free[2];
        for (int side = 0; side < 2; side++) {
            unpack(group, side, free[side], four);
            if (signed) {
                a.vpxor(free[4 + side], free[side], constant(0x80808080));
                a.vpabsb(free[side], free[4 + side]);
            }
        }
        for (int row = 0; row < rows; row++) {
            a.vpbroadcastd(four, x(row, 4 * group));
            for (int side = 0; side < 2; side++) {
                addProduct(dots[2 * row + side], side, four);
            }
        }
    }

    private void addProduct(VectorRegister dot, int side, VectorRegister four) {
        if (vnni) {
            a.vpdpbusd(dot, free[side], four);
            return;
        }
        VectorRegister product = free[3];
        if (signed) {
            a.vpsignb(product, four, free[4 + side]);
            a.vpmaddubsw(product, free[side], product);
        } else {
            a.vpmaddubsw(product, free[side], four);
        }
        a.vpmaddwd(product, product, constant(0x00010001));
        a.vpaddd(dot, dot, product);
    }

    /// The numbers of one group and side as unsigned bytes; `other` is lost.
    private void unpack(int group, int side, VectorRegister to, VectorRegister other) {
        int plane = format.lowBits == 2 ? group >> 2 : format.lowBits == 4 ? group & 3 : group;
        a.vmovdqu(to, weight(0, 64 * plane + 32 * side));
        if (format.lowBits < 8) {
            shift(to, format.lowBits == 4 ? -(group & 4) : -2 * (group & 3));
            a.vpand(to, to, constant(lowBitsMask(format)));
        }
        if (format.lookup) {
            a.vbroadcasti128(other, a.constants(lookupTable()));
            a.vpshufb(to, other, to);
        }
        if (format.highBits > 0) {
            a.vmovdqu(other, weight(0, highPlane(group) + 32 * side));
            shift(other, format.lowBits - highBit(group));
            a.vpand(other, other, constant(highBitsMask(format)));
            a.vpor(to, to, other);
        }
    }

    private void shift(VectorRegister numbers, int left) {
        if (left > 0) {
            a.vpsllw(numbers, numbers, left);
        } else if (left < 0) {
            a.vpsrlw(numbers, numbers, -left);
        }
    }

    private void scale(int side, int half) {
        VectorRegister scale = free[0];
        factor(scale, side, format.scales(), half, 0);
        for (int i = side; i < 2 * rows; i += 2) {
            a.vcvtdq2ps(dots[i], dots[i]);
            if (half == 0) {
                a.vmulps(parts[i], dots[i], scale);
                if (floatsOnStack && format.halves) {
                    a.vmovups(onStack(2 * rows + i), parts[i]);
                }
            } else if (floatsOnStack) {
                VectorRegister part = free[1];
                a.vmovups(part, onStack(2 * rows + i));
                a.vfmadd231ps(part, dots[i], scale);
                a.vmovdqa(dots[i], part);
            } else {
                a.vfmadd231ps(parts[i], dots[i], scale);
            }
        }
    }

    /// Adds the sums of the activations times the offset; for the signs see [Avx512Product].
    private void offset(int side, int half) {
        VectorRegister offset = free[0];
        VectorRegister sum = free[1];
        factor(offset, side, format.offsets(), half, 32);
        for (int row = 0; row < rows; row++) {
            a.vpbroadcastd(sum, x(row, xSum(half)));
            a.vcvtdq2ps(sum, sum);
            if (format.isSuper) {
                a.vfmadd231ps(parts[2 * row + side], offset, sum);
            } else {
                a.vfnmadd231ps(parts[2 * row + side], offset, sum);
            }
        }
    }

    /// Eight scales or offsets as float32; `shared` is where their common factor lies in the
    /// header.
    private void factor(VectorRegister to, int side, int at, int half, int shared) {
        if (!format.isSuper) {
            a.vcvtph2ps(to, weight(0, at + 16 * side));
            return;
        }
        Memory bytes = weight(0, at + 16 * half + 8 * side);
        if (format.joined()) {
            a.vpmovzxbd(to, bytes);
            if (shared == 0) {
                a.vpand(to, to, constant(15));
            } else {
                a.vpsrld(to, to, 4);
            }
        } else {
            a.vpmovsxbd(to, bytes);
        }
        a.vcvtdq2ps(to, to);
        VectorRegister d = free[2];
        a.vcvtph2ps(d, header(0, shared + 16 * side));
        a.vmulps(to, to, d);
    }

    private Memory constant(int value) {
        return constants.computeIfAbsent(
                value, key -> a.constants(key, key, key, key, key, key, key, key));
    }

    /// A tile with fewer outputs goes through the 128 bytes below the stack pointer, which belong
    /// to a function that calls no other.
    @Override
    void store(Gpr y, Gpr yBytes) {
        Gpr to = a.general();
        a.mov(to, y);
        Label few = a.label("few");
        Label end = a.label("end");
        a.cmp(outputs, 16);
        a.jcc(Condition.NE, few);
        for (int row = 0; row < rows; row++) {
            a.vmovups(mem(to, 0), loadSum(2 * row));
            a.vmovups(mem(to, 32), loadSum(2 * row + 1));
            a.add(to, yBytes);
        }
        a.jmp(end);
        a.bind(few);
        for (int row = 0; row < rows; row++) {
            a.vmovups(mem(Gpr.RSP, -64), loadSum(2 * row));
            a.vmovups(mem(Gpr.RSP, -32), loadSum(2 * row + 1));
            storeFew(to);
            a.add(to, yBytes);
        }
        a.bind(end);
    }

    private void storeFew(Gpr to) {
        a.inScope(() -> {
            Gpr index = a.general();
            Gpr value = a.general();
            a.mov(index, outputs);
            a.loop(
                    index,
                    () -> {
                        a.mov(value.dword(), mem(Gpr.RSP, index, 4, -68));
                        a.mov(mem(to, index, 4, -4), value.dword());
                    });
        });
    }
}
