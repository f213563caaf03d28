package dev.jebena.formats;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The key-value part of a GGUF header.
///
/// @param values as [TensorFile#metadata()] describes them
/// @param types of each value, of the elements where it is an array
record GgufMetadata(Map<String, Object> values, Map<String, GgufType> types) {
    private static final GgufType[] TYPES = GgufType.values();
    private static final int LONGEST_KEY = 65_535;
    private static final int DEEPEST = 4;
    // What a map entry and a boxed value take, roughly.
    private static final int ENTRY_HEAP = 128;

    static GgufMetadata read(GgufCursor cursor, int count) {
        GgufMetadata metadata = new GgufMetadata(new LinkedHashMap<>(), new LinkedHashMap<>());
        for (int i = 0; i < count; i++) {
            long at = cursor.position();
            cursor.charge(ENTRY_HEAP, "the metadata");
            String key = cursor.name("a metadata key", LONGEST_KEY);
            String what = "the metadata value " + Names.quoted(key);
            GgufType type = type(cursor, what);
            Object value;
            if (type == GgufType.ARRAY) {
                type = type(cursor, what);
                value = array(cursor, type, what, 1);
            } else {
                value = scalar(cursor, type, what);
            }
            if (metadata.values.put(key, value) != null) {
                throw cursor.problem(at, "the metadata key " + Names.quoted(key) + " occurs twice");
            }
            metadata.types.put(key, type);
        }
        return metadata;
    }

    private static GgufType type(GgufCursor cursor, String what) {
        long id = cursor.u32("the type of " + what);
        if (id >= TYPES.length) {
            throw cursor.problem(
                    cursor.position() - 4,
                    what + " has the type " + id + ", known are 0 to " + (TYPES.length - 1));
        }
        return TYPES[(int) id];
    }

    private static Object scalar(GgufCursor cursor, GgufType type, String what) {
        return switch (type) {
            case UINT8 -> (long) cursor.u8(what);
            case INT8 -> (long) (byte) cursor.u8(what);
            case UINT16 -> cursor.u16(what);
            case INT16 -> (long) (short) cursor.u16(what);
            case UINT32 -> cursor.u32(what);
            case INT32 -> (long) (int) cursor.u32(what);
            case UINT64 -> cursor.u64(what);
            case INT64 -> cursor.i64(what);
            case FLOAT32 -> (double) Float.intBitsToFloat((int) cursor.u32(what));
            case FLOAT64 -> Double.longBitsToDouble(cursor.i64(what));
            case BOOL -> bool(cursor, cursor.u8(what), cursor.position() - 1, what);
            case STRING -> cursor.text(what);
            case ARRAY -> throw new IllegalStateException("an array is no scalar");
        };
    }

    private static boolean bool(GgufCursor cursor, int value, long at, String what) {
        if (value > 1) {
            throw cursor.problem(at, what + " is a boolean, must be 0 or 1, found " + value);
        }
        return value == 1;
    }

    private static Object array(GgufCursor cursor, GgufType type, String what, int depth) {
        int count =
                cursor.count(
                        "the element count of " + what,
                        type.minimumBytes(),
                        (int) GgufCursor.MOST_HEAP);
        return switch (type) {
            case UINT8 -> widen(cursor.bytes(count, what), 0xff);
            case INT8 -> widen(cursor.bytes(count, what), -1);
            case UINT16 -> widen(cursor.shorts(count, what), 0xffff);
            case INT16 -> widen(cursor.shorts(count, what), -1);
            case UINT32 -> widen(cursor.ints(count, what));
            case INT32 -> cursor.ints(count, what);
            case UINT64 -> unsigned(cursor, count, what);
            case INT64 -> cursor.longs(count, what);
            case FLOAT32 -> cursor.floats(count, what);
            case FLOAT64 -> cursor.doubles(count, what);
            case BOOL -> bools(cursor, count, what);
            case STRING -> cursor.strings(count, what);
            case ARRAY -> arrays(cursor, count, what, depth);
        };
    }

    private static int[] widen(byte[] values, int mask) {
        int[] wide = new int[values.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = values[i] & mask;
        }
        return wide;
    }

    private static int[] widen(short[] values, int mask) {
        int[] wide = new int[values.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = values[i] & mask;
        }
        return wide;
    }

    private static long[] widen(int[] values) {
        long[] wide = new long[values.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = values[i] & 0xffff_ffffL;
        }
        return wide;
    }

    private static long[] unsigned(GgufCursor cursor, int count, String what) {
        long at = cursor.position();
        long[] values = cursor.longs(count, what);
        for (int i = 0; i < count; i++) {
            if (values[i] < 0) {
                throw cursor.problem(
                        at + 8L * i,
                        "entry "
                                + i
                                + " of "
                                + what
                                + " is "
                                + Long.toUnsignedString(values[i])
                                + ", beyond 2^63");
            }
        }
        return values;
    }

    private static List<Boolean> bools(GgufCursor cursor, int count, String what) {
        long at = cursor.position();
        cursor.charge(4L * count, what);
        Boolean[] values = new Boolean[count];
        byte[] bytes = cursor.bytes(count, what);
        for (int i = 0; i < count; i++) {
            values[i] = bool(cursor, bytes[i] & 0xff, at + i, what);
        }
        return List.of(values);
    }

    private static List<Object> arrays(GgufCursor cursor, int count, String what, int depth) {
        if (depth == DEEPEST) {
            throw cursor.problem(
                    cursor.position(), what + " nests arrays deeper than " + DEEPEST + " levels");
        }
        cursor.charge((long) ENTRY_HEAP * count, what);
        List<Object> values = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            values.add(array(cursor, type(cursor, what), what, depth + 1));
        }
        return List.copyOf(values);
    }
}
