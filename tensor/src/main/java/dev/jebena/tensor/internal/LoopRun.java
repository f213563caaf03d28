package dev.jebena.tensor.internal;

import dev.jebena.compute.LoopCode.Input;
import dev.jebena.compute.NumberLoop;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Runs a generated loop over operands of any strides: those that are not contiguous are brought
/// block by block to a room of the thread.
public final class LoopRun {
    /// Numbers of a block, and of a tile of one thread.
    private static final int BLOCK = 2048;

    private static final int TILE = 16 * BLOCK;

    /// Operands of a loop, at most.
    private static final int ROOMS = 16;

    private static final ThreadLocal<MemorySegment> ROOM =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(ROOMS * 4L * BLOCK, 64));

    private LoopRun() {}

    /// How a loop sees an operand: one number for all, one for each, or booleans.
    public static Input kind(View view) {
        return switch (view.dtype()) {
            case BOOL -> Input.BOOLEANS;
            default -> view.isRepeated() ? Input.NUMBER : Input.NUMBERS;
        };
    }

    /// @param in operands as `kinds` tells, of the results' size or one number
    /// @param out contiguous results from their memory's first byte on
    public static void run(NumberLoop loop, Input[] kinds, View[] in, View[] out) {
        @Nullable Reader[] readers = new @Nullable Reader[in.length];
        long[] bases = new long[in.length + out.length];
        boolean whole = true;
        if (in.length > ROOMS) {
            throw new IllegalArgumentException(
                    "a loop of %d operands; at most %d have room".formatted(in.length, ROOMS));
        }
        for (int i = 0; i < in.length; i++) {
            if (kinds[i] != Input.NUMBER && !in[i].isContiguous()) {
                readers[i] = new Reader(in[i]);
                whole = false;
            }
            bases[i] = in[i].memory().address() + in[i].start();
        }
        for (int i = 0; i < out.length; i++) {
            bases[in.length + i] = out[i].memory().address();
        }
        int step = whole ? TILE : BLOCK;
        Parallel.run(
                out[0].size(),
                TILE,
                (begin, end) -> {
                    long[] at = new long[bases.length];
                    for (long from = begin; from < end; from += step) {
                        int n = (int) Math.min(step, end - from);
                        for (int i = 0; i < at.length; i++) {
                            View view = i < in.length ? in[i] : out[i - in.length];
                            Reader reader = i < in.length ? readers[i] : null;
                            if (reader != null) {
                                MemorySegment room = ROOM.get();
                                long slot = (long) i * BLOCK;
                                reader.read(from, n, room, 4 * slot / view.dtype().bytes());
                                at[i] = room.address() + 4 * slot;
                            } else {
                                boolean one = i < in.length && kinds[i] == Input.NUMBER;
                                at[i] = bases[i] + (one ? 0 : from * view.dtype().bytes());
                            }
                        }
                        loop.run(at, n);
                    }
                });
    }
}
