package dev.jebena.compute.x86;

import static dev.jebena.compute.x86.Memory.mem;

/// Writes the innermost product of matrices: `rows` rows of two registers of columns stay in
/// registers while k passes. A step loads two registers of b and multiplies them with each number
/// of a, which is broadcast once for both.
///
/// `(a, b panel, k, c, bytes from one row of c to the next, of a, from one k to the next of a)`; a
/// column of tiles, which share the panel, gets the address of a block of [Field]s.
public final class TileProductCode {
    /// What four bytes of an operand are.
    public enum Entry {
        /// A float32.
        FLOAT("tile_product_"),
        /// Two bfloat16, summed in float32.
        PAIR("tile_product_of_pairs_"),
        /// Four integers of 8 bits, unsigned in a and signed in b, summed in int32.
        QUAD("tile_product_of_quads_");

        private final String routine;

        Entry(String routine) {
            this.routine = routine;
        }
    }

    /// The numbers of 64 bits that a column of tiles is told.
    public enum Field {
        A(0),
        B(8),
        K(16),
        C(24),
        ROW_OF_C(32),
        ROW(40),
        STEP(48),
        GROUPS(56),
        /// Bytes from behind the last k of a row to the first k of that row in the next group.
        TO_GROUP(64),
        /// Where results go as bfloat16, if they do; it is moved on.
        BRAIN(72),
        ROW_OF_BRAIN(80);

        private final int offset;

        Field(int offset) {
            this.offset = offset;
        }

        /// Its byte in the block.
        public int offset() {
            return offset;
        }

        private Memory in(Gpr block) {
            return mem(block, offset);
        }
    }

    /// Registers of columns.
    private static final int WIDTH = 2;

    private final Assembler a;
    private final Entry kind;
    private final boolean adds;
    private final VectorRegister[][] sums;
    private final VectorRegister[] right;
    private final VectorRegister[] left;

    /// Every third row of a has a pointer; the two behind it are reached by adding the distance
    /// once or twice.
    private final Gpr[] pointers;

    /// Where a column's numbers are.
    private final Gpr block;

    private final Gpr b;
    private final Gpr k;
    private final Gpr c;
    private final Gpr toRowOfC;
    private final Gpr toRow;
    private final Gpr toStep;

    private TileProductCode(int rows, boolean avx512, Entry kind, boolean adds, String form) {
        a = RowLoop.assembler(kind.routine + rows + (adds ? "" : "_set") + form, avx512);
        this.kind = kind;
        this.adds = adds;
        a.save(6);
        pointers = new Gpr[(rows + 2) / 3];
        if (form.isEmpty()) {
            Gpr[] in = a.arguments(6);
            block = in[0];
            pointers[0] = in[0];
            b = in[1];
            k = in[2];
            c = in[3];
            toRowOfC = in[4];
            toRow = in[5];
            toStep = a.general();
            a.mov(toStep, a.stackArgument(6));
        } else {
            block = a.arguments(1)[0];
            pointers[0] = load(Field.A);
            b = load(Field.B);
            k = load(Field.K);
            c = load(Field.C);
            toRowOfC = load(Field.ROW_OF_C);
            toRow = load(Field.ROW);
            toStep = load(Field.STEP);
        }
        for (int i = 1; i < pointers.length; i++) {
            pointers[i] = a.general();
            a.lea(pointers[i], mem(pointers[i - 1], toRow, 2, 0));
            a.add(pointers[i], toRow);
        }
        sums = new VectorRegister[rows][];
        for (int i = 0; i < rows; i++) {
            sums[i] = a.vectors(WIDTH);
        }
        right = a.vectors(WIDTH);
        left = a.vectors(avx512 ? 2 : 1);
    }

    private Gpr load(Field field) {
        Gpr register = a.general();
        a.mov(register, field.in(block));
        return register;
    }

    /// Most rows: as many as leave room for b and the broadcast number.
    public static int rows(boolean avx512) {
        return avx512 ? 12 : 6;
    }

    public static int columns(boolean avx512) {
        return WIDTH * (avx512 ? 16 : 8);
    }

    /// @param kind pairs and quads only for CPUs with AVX-512 that have their products
    /// @param adds whether what c holds is added to; else it is not read
    public static Assembler assemble(int rows, boolean avx512, Entry kind, boolean adds) {
        TileProductCode code = new TileProductCode(rows, avx512, kind, adds, "");
        code.tile();
        code.store();
        code.a.leave();
        return code.a;
    }

    /// A column of at least one tile.
    ///
    /// @param brain whether results go to [Field#BRAIN] as bfloat16, and c is not written; only for
    ///   CPUs with AVX-512 that have these
    public static Assembler assembleColumn(
            int rows, boolean avx512, Entry kind, boolean adds, boolean brain) {
        String form = brain ? "_column_of_bfloat16" : "_column";
        TileProductCode code = new TileProductCode(rows, avx512, kind, adds, form);
        Gpr groups = code.load(Field.GROUPS);
        code.a.loop(groups, () -> code.group(brain));
        code.a.leave();
        return code.a;
    }

    private void group(boolean brain) {
        tile();
        if (brain) {
            storeBrain();
        } else {
            store();
        }
        for (int i = 0; i < sums.length; i++) {
            a.add(c, toRowOfC);
        }
        a.mov(b, Field.B.in(block));
        for (Gpr pointer : pointers) {
            a.add(pointer, Field.TO_GROUP.in(block));
        }
    }

    private void tile() {
        if (adds) {
            eachRegister((sum, at) -> a.vmovups(sum, at));
        } else {
            for (VectorRegister[] row : sums) {
                for (VectorRegister sum : row) {
                    a.clear(sum);
                }
            }
        }
        a.inScope(() -> {
            Gpr steps = a.general();
            a.mov(steps, k);
            a.shr(steps, 2);
            a.unless(Condition.E, () -> a.loop(steps, () -> steps(4)));
            a.mov(steps, k);
            a.and(steps, 3);
            a.unless(Condition.E, () -> a.loop(steps, () -> steps(1)));
        });
    }

    private void store() {
        eachRegister((sum, at) -> a.vmovups(at, sum));
    }

    private void storeBrain() {
        a.inScope(() -> {
            Gpr at = load(Field.BRAIN);
            for (VectorRegister[] row : sums) {
                a.vcvtne2ps2bf16(row[0], row[1], row[0]);
                a.vmovups(mem(at, 0), row[0]);
                a.add(at, Field.ROW_OF_BRAIN.in(block));
            }
            a.mov(Field.BRAIN.in(block), at);
        });
    }

    /// Something done with a register of sums and its place in c.
    private interface Transfer {
        void emit(VectorRegister sum, Memory at);
    }

    private void eachRegister(Transfer body) {
        a.inScope(() -> {
            Gpr at = a.general();
            a.mov(at, c);
            for (int i = 0; i < sums.length; i++) {
                for (int j = 0; j < WIDTH; j++) {
                    body.emit(sums[i][j], mem(at, j * a.vectorBytes()));
                }
                if (i + 1 < sums.length) {
                    a.add(at, toRowOfC);
                }
            }
        });
    }

    private void steps(int count) {
        for (int n = 0; n < count; n++) {
            for (int j = 0; j < WIDTH; j++) {
                a.vmovups(right[j], mem(b, (n * WIDTH + j) * a.vectorBytes()));
            }
            for (int i = 0; i < sums.length; i++) {
                VectorRegister number = left[i % left.length];
                Gpr base = pointers[i / 3];
                a.vbroadcastss(number, i % 3 == 0 ? mem(base, 0) : mem(base, toRow, i % 3, 0));
                for (int j = 0; j < WIDTH; j++) {
                    switch (kind) {
                        case FLOAT -> a.vfmadd231ps(sums[i][j], number, right[j]);
                        case PAIR -> a.vdpbf16ps(sums[i][j], right[j], number);
                        case QUAD -> a.vpdpbusd(sums[i][j], number, right[j]);
                    }
                }
            }
            for (Gpr pointer : pointers) {
                a.add(pointer, toStep);
            }
        }
        a.add(b, count * WIDTH * a.vectorBytes());
    }
}
