package dev.jebena.compute.x86;

import static dev.jebena.compute.x86.Memory.mem;

import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Writes the product of weights that are plain numbers with float32 activations.
///
/// One function computes `rows` rows of activations times `outputs` rows of weights at a time, for
/// any number of such groups of weights one after the other. Each dot product has registers of its
/// own, whose sixteen elements are the sixteen partial sums of the contract of kernels: a step
/// loads sixteen numbers of each row. With AVX-512 the rest of a row is added under a mask; code
/// for AVX2 is for multiples of 16 only.
///
/// Arguments: weights, groups, columns, activations, bytes from one row of activations to the next,
/// results, bytes from one row of results to the next. Rows of weights lie without gaps.
final class FloatProduct {
    /// Most rows of activations of any function.
    static final int MOST_ROWS = 6;

    /// Most outputs of a group of any function.
    static final int MOST_OUTPUTS = 4;

    private static final int LANES = 16;

    private final FloatElement element;
    private final int outputs;
    private final int rows;
    private final Assembler a;

    private final Gpr[] w;
    private final Gpr wBytes;
    private final Gpr[] x;
    private final Gpr xBytes;

    /// The registers of each row's and output's dot product.
    private final VectorRegister[][][] sums;

    private final @Nullable MaskRegister rest;

    /// Weights that will be needed a group later.
    private final @Nullable Gpr ahead;

    private FloatProduct(FloatElement element, int outputs, int rows, boolean avx512) {
        this.element = element;
        this.outputs = outputs;
        this.rows = rows;
        String name = "product_%s_%dx%d".formatted(element, rows, outputs);
        a = RowLoop.assembler(name.toLowerCase(Locale.ROOT), avx512);
        a.save(6);
        Gpr[] in = a.arguments(6);
        Gpr columns = in[2];
        rest = avx512 ? a.mask() : null;
        if (rest != null) {
            RowLoop.maskOfRest(a, rest, columns, LANES);
        }
        wBytes = a.general();
        a.imul(wBytes, columns, element.bytes());
        xBytes = in[4];
        w = pointers(in[0], wBytes, outputs);
        x = pointers(in[3], xBytes, rows);
        sums = new VectorRegister[rows][outputs][];
        for (VectorRegister[][] ofRow : sums) {
            for (int i = 0; i < outputs; i++) {
                ofRow[i] = a.vectors(registers(avx512));
            }
        }
        ahead = prefetches() ? a.general() : null;
        if (ahead != null) {
            a.mov(ahead, w[0]);
            skipGroup(ahead);
        }
        emit(in[1], columns, in[5]);
    }

    /// Whether the next group's weights are fetched while this one is computed, one line after the
    /// other: the CPU's own prefetching begins anew with each row and page. It pays for weights of
    /// two bytes, whose product takes about as long as the memory; four bytes take longer than all
    /// else.
    private boolean prefetches() {
        return element.bytes() == 2;
    }

    private void skipGroup(Gpr pointer) {
        for (int i = 0; i < outputs; i++) {
            a.add(pointer, wBytes);
        }
    }

    static Assembler assemble(FloatElement element, int outputs, int rows, boolean avx512) {
        return new FloatProduct(element, outputs, rows, avx512).a;
    }

    /// Most rows of activations: as many sums, registers of weights and of activations, and what
    /// the sums are added with, as there are registers.
    static int mostRows(boolean avx512) {
        return avx512 ? MOST_ROWS : 3;
    }

    /// Outputs of a group that is not the last.
    static int mostOutputs(int rows, boolean avx512) {
        return avx512 || rows == 1 ? MOST_OUTPUTS : 2;
    }

    /// Registers of sixteen sums.
    private static int registers(boolean avx512) {
        return avx512 ? 1 : 2;
    }

    /// Every third of `count` rows has a pointer; the two behind it are reached by adding the
    /// distance once or twice.
    private Gpr[] pointers(Gpr first, Gpr distance, int count) {
        Gpr[] pointers = new Gpr[(count + 2) / 3];
        pointers[0] = first;
        for (int i = 1; i < pointers.length; i++) {
            pointers[i] = a.general();
            a.lea(pointers[i], mem(pointers[i - 1], distance, 2, 0));
            a.add(pointers[i], distance);
        }
        return pointers;
    }

    private static Memory row(Gpr[] pointers, Gpr distance, int row, int displacement) {
        Gpr base = pointers[row / 3];
        return row % 3 == 0 ? mem(base, displacement) : mem(base, distance, row % 3, displacement);
    }

    private void emit(Gpr groups, Gpr columns, Gpr y) {
        Gpr yBytes = a.general();
        a.mov(yBytes, a.stackArgument(6));
        Gpr toNextGroup = a.general();
        Gpr wholeBytes = a.general();
        a.mov(wholeBytes, columns);
        a.and(wholeBytes, -LANES);
        a.imul(toNextGroup, wholeBytes, -element.bytes());
        a.shl(wholeBytes, 2);
        skipGroup(toNextGroup);
        a.loop(
                groups,
                () -> {
                    clearSums();
                    dotProducts(columns);
                    results(y, yBytes);
                    a.add(y, 4 * outputs);
                    for (Gpr pointer : w) {
                        a.add(pointer, toNextGroup);
                    }
                    for (Gpr pointer : x) {
                        a.sub(pointer, wholeBytes);
                    }
                });
        a.leave();
    }

    private void clearSums() {
        for (VectorRegister[][] ofRow : sums) {
            for (VectorRegister[] ofOutput : ofRow) {
                for (VectorRegister sum : ofOutput) {
                    a.clear(sum);
                }
            }
        }
    }

    private void dotProducts(Gpr columns) {
        Gpr count = a.general();
        // A step of few products is shorter than the counting around it.
        boolean unrolled = rows * outputs <= 8;
        if (unrolled) {
            a.mov(count, columns);
            a.shr(count, 6);
            a.unless(Condition.E, () -> a.loop(count, () -> steps(4)));
        }
        a.mov(count, columns);
        a.shr(count, 4);
        if (unrolled) {
            a.and(count, 3);
        }
        a.unless(Condition.E, () -> a.loop(count, () -> steps(1)));
        if (rest != null) {
            a.kortestw(rest, rest);
            a.unless(Condition.E, () -> step(0, rest));
        }
    }

    private void steps(int count) {
        for (int i = 0; i < count; i++) {
            step(i, null);
        }
        prefetch(count * LANES * element.bytes() * outputs);
        for (Gpr pointer : w) {
            a.add(pointer, count * LANES * element.bytes());
        }
        for (Gpr pointer : x) {
            a.add(pointer, count * LANES * 4);
        }
    }

    private void prefetch(int bytes) {
        if (ahead != null) {
            for (int i = 0; i < bytes; i += 64) {
                a.prefetcht1(mem(ahead, i));
            }
            a.add(ahead, bytes);
        }
    }

    /// Multiplies sixteen numbers of each row.
    private void step(int index, @Nullable MaskRegister mask) {
        int lanes = a.vectorBytes() / 4;
        for (int part = 0; part < LANES / lanes; part++) {
            multiply(index * LANES + part * lanes, part, mask);
        }
    }

    /// Multiplies a register of each row, from element `at` on. Under a mask the partial sums
    /// beyond the row's end stay as they are, even if one is -0.
    private void multiply(int at, int part, @Nullable MaskRegister mask) {
        a.inScope(() -> {
            VectorRegister[] weights = a.vectors(outputs);
            for (int i = 0; i < outputs; i++) {
                element.load(a, weights[i], row(w, wBytes, i, at * element.bytes()), mask);
            }
            VectorRegister values = a.vector();
            for (int m = 0; m < rows; m++) {
                FloatElement.F32.load(a, values, row(x, xBytes, m, 4 * at), mask);
                for (int i = 0; i < outputs; i++) {
                    VectorRegister sum = sums[m][i][part];
                    a.vfmadd231ps(mask == null ? sum : sum.masked(mask), weights[i], values);
                }
            }
        });
    }

    /// Adds the partial sums and writes the results.
    private void results(Gpr y, Gpr yBytes) {
        SumTrees trees = new SumTrees(a);
        Gpr to = a.general();
        a.mov(to, y);
        for (int m = 0; m < rows; m++) {
            for (int i = 0; i < outputs; i += SumTrees.WIDTH) {
                int end = Math.min(i + SumTrees.WIDTH, outputs);
                trees.store(Arrays.copyOfRange(sums[m], i, end), mem(to, 4 * i));
            }
            if (m + 1 < rows) {
                a.add(to, yBytes);
            }
        }
    }
}
