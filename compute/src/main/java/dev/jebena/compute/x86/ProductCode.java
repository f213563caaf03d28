package dev.jebena.compute.x86;

import static dev.jebena.compute.x86.Memory.mem;

/// The loops around the product of packed weights ([TileFormat]) with 8-bit activations; subclasses
/// write what happens in one part of a record.
///
/// One function computes some rows of activations times one or two tiles of 16 outputs at a time,
/// for any number of tiles one after the other. The arithmetic, step by step, is the one of the
/// scalar reference, so the results are the same bits.
///
/// Weights that come from memory are asked for one step before they are needed, because the CPU's
/// own look-ahead does not get far enough between the products of several rows (measured on Zen 5,
/// products a second with 4 rows: 170 to 240 billion with Q4_0, 118 to 230 with Q4_K).
///
/// Arguments: packed weights; steps (of `tiles` tiles) and, from bit 32 on, how many outputs of the
/// last tile of each step are written; records of a tile and, from bit 32 on, bytes from one row of
/// activations to the next; activations; results; bytes from one row of results to the next.
abstract class ProductCode {
    /// Layout of a block of activations; the integers are negated sums of the 8-bit numbers.
    static final int X_BYTES = 48;

    static final int X_SCALE = 32;
    static final int X_FIRST_SUM = 36;
    static final int X_LAST_SUM = 40;
    static final int X_SUM = 44;

    final TileFormat format;
    final int rows;
    final int tiles;
    final Assembler a;

    /// Whether the weights come from memory.
    private final boolean cold;

    /// How many outputs of the last tile are written.
    final Gpr outputs;

    private final Gpr weights;
    private final Gpr header;
    private final Gpr tileBytes;

    /// With two tiles, what the next step will be at instead of the weights at hand.
    private final Gpr next;

    private final Gpr rowBytes;
    private final Gpr[] x;
    private final Gpr[] arguments;

    ProductCode(TileFormat format, int rows, int tiles, boolean cold, Assembler a) {
        this.format = format;
        this.rows = rows;
        this.tiles = tiles;
        this.cold = cold;
        this.a = a;
        a.save(6);
        arguments = a.arguments(6);
        weights = arguments[0];
        x = new Gpr[(rows + 2) / 3];
        x[0] = arguments[3];
        outputs = a.general();
        rowBytes = a.general();
        tileBytes = a.general();
        header = format.isSuper ? a.general() : weights;
        next = tiles == 2 && cold ? a.general() : weights;
        for (int i = 1; i < x.length; i++) {
            x[i] = a.general();
        }
    }

    static String name(TileFormat format, int rows, int tiles, boolean cold) {
        String size = String.join("x", Integer.toString(rows), Integer.toString(tiles));
        return String.join("_", "multiply", format.name(), size, cold ? "cold" : "warm");
    }

    /// Writes the function.
    final void emit() {
        Gpr steps = arguments[1];
        Gpr records = arguments[2];
        Gpr y = arguments[4];
        Gpr count = a.general();
        a.mov(outputs, steps);
        a.shr(outputs, 32);
        a.mov(steps.dword(), steps.dword());
        a.mov(rowBytes, records);
        a.shr(rowBytes, 32);
        a.mov(records.dword(), records.dword());
        a.imul(tileBytes, records, format.recordBytes());
        for (int i = 1; i < x.length; i++) {
            a.lea(x[i], mem(x[i - 1], rowBytes, 2, 0));
            a.add(x[i], rowBytes);
        }
        prepare();
        reserve(count);
        a.loop(
                steps,
                () -> {
                    clearSums();
                    if (next != weights) {
                        a.lea(next, mem(weights, tileBytes, 2, 0));
                    }
                    a.mov(count, records);
                    a.loop(count, this::record);
                    store(y, arguments[5]);
                    a.add(y, 64 * tiles);
                    if (tiles == 2) {
                        a.add(weights, tileBytes);
                    }
                    a.imul(count, records, format.parts() * X_BYTES);
                    for (Gpr pointer : x) {
                        a.sub(pointer, count);
                    }
                });
        if (stackVectors() > 0) {
            a.mov(Gpr.RSP, onStack(stackVectors()));
        }
        a.leave();
    }

    /// Moves the stack pointer down to whole vectors; what it was lies behind them.
    private void reserve(Gpr temporary) {
        if (stackVectors() > 0) {
            a.mov(temporary, Gpr.RSP);
            a.sub(Gpr.RSP, (stackVectors() + 1) * a.vectorBytes());
            a.and(Gpr.RSP, -a.vectorBytes());
            a.mov(onStack(stackVectors()), temporary);
        }
    }

    /// How many vectors are kept on the stack.
    int stackVectors() {
        return 0;
    }

    final Memory onStack(int vector) {
        return mem(Gpr.RSP, vector * a.vectorBytes());
    }

    private void record() {
        if (!format.isSuper) {
            nextPart();
            return;
        }
        Gpr count = a.general();
        a.mov(header, weights);
        prefetch(format.headerBytes(), 0, 1);
        forward(format.headerBytes());
        a.mov(count, format.parts());
        a.loop(count, this::nextPart);
    }

    private void nextPart() {
        part();
        forward(format.partBytes());
        for (Gpr pointer : x) {
            a.add(pointer, X_BYTES);
        }
    }

    private void forward(int bytes) {
        a.add(weights, bytes);
        if (next != weights) {
            a.add(next, 2 * bytes);
        }
    }

    /// Asks for the share of group `group` in the next step's weights.
    final void prefetch(int group) {
        prefetch(format.partBytes(), group, 8);
    }

    private void prefetch(int bytes, int share, int shares) {
        int lines = cold ? (tiles * bytes + 63) / 64 : 0;
        for (int i = lines * share / shares; i < lines * (share + 1) / shares; i++) {
            a.prefetcht0(tiles == 2 ? mem(next, 64 * i) : mem(weights, tileBytes, 1, 64 * i));
        }
    }

    /// Fills registers with constants.
    abstract void prepare();

    abstract void clearSums();

    /// Adds the products of 32 elements to the sums.
    abstract void part();

    /// Stores the sums of all rows from `y` on.
    abstract void store(Gpr y, Gpr yBytes);

    /// Bytes of the part at hand.
    final Memory weight(int tile, int offset) {
        return at(weights, tile, offset);
    }

    /// Bytes of the header of the record at hand.
    final Memory header(int tile, int offset) {
        return at(header, tile, offset);
    }

    private Memory at(Gpr base, int tile, int offset) {
        return tile == 0 ? mem(base, offset) : mem(base, tileBytes, 1, offset);
    }

    /// A number of the current block of a row.
    final Memory x(int row, int offset) {
        Gpr base = x[row / 3];
        return row % 3 == 0 ? mem(base, offset) : mem(base, rowBytes, row % 3, offset);
    }

    /// Which sum of activations belongs to a half of the part, or to all of it.
    final int xSum(int half) {
        return format.halves ? (half == 0 ? X_FIRST_SUM : X_LAST_SUM) : X_SUM;
    }

    /// Halves with scales of their own.
    final int halves() {
        return format.halves ? 2 : 1;
    }

    static int lowBitsMask(TileFormat format) {
        return format.lowBits == 4 ? 0x0F0F0F0F : 0x03030303;
    }

    static int highBitsMask(TileFormat format) {
        int ones = (1 << format.highBits) - 1;
        return 0x01010101 * (ones << format.lowBits);
    }

    /// The bit in the bytes of a high plane where group `group` has its bits.
    final int highBit(int group) {
        return format.highBits == 2 ? 2 * (group & 3) : TileFormat.bitOf(group);
    }

    /// Where in a part the high plane of group `group` lies.
    final int highPlane(int group) {
        return format.highPlane() + (format.highBits == 2 ? 64 * (group >> 2) : 0);
    }

    /// The sixteen values of IQ4_NL plus 128.
    static byte[] lookupTable() {
        return new byte[] {
            1, 24, 45, 63, 79, 93, 106, 118, -127, -115, -103, -90, -75, -59, -39, -15
        };
    }
}
