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
        GgufMetadata metadata =
                new GgufMetadata(
                        LinkedHashMap.newLinkedHashMap(count),
                        LinkedHashMap.newLinkedHashMap(count));
        for (int i = 0; i < count; i++) {
            long at = cursor.position();
            cursor.subject("the metadata", "");
            cursor.charge(ENTRY_HEAP);
            String key = cursor.name("a key", LONGEST_KEY);
            cursor.subject("the metadata value", key);
            GgufType type = type(cursor);
            Object value;
            if (type == GgufType.ARRAY) {
                type = type(cursor);
                value = array(cursor, type, 1);
            } else {
                value = scalar(cursor, type);
            }
            if (metadata.values.put(key, value) != null) {
                throw cursor.problem(at, "the key occurs twice");
            }
            metadata.types.put(key, type);
        }
        return metadata;
    }

    private static GgufType type(GgufCursor cursor) {
        long id = cursor.u32("the type");
        if (id >= TYPES.length) {
            throw cursor.problem(
                    cursor.position() - 4,
                    "the type is " + id + ", known are 0 to " + (TYPES.length - 1));
        }
        return TYPES[(int) id];
    }

    private static Object scalar(GgufCursor cursor, GgufType type) {
        String what = "the value";
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
            case BOOL -> bool(cursor, cursor.u8(what), cursor.position() - 1);
            case STRING -> cursor.text();
            case ARRAY -> throw new IllegalStateException("an array is no scalar");
        };
    }

    private static boolean bool(GgufCursor cursor, int value, long at) {
        if (value > 1) {
            throw cursor.problem(at, "a boolean must be 0 or 1, found " + value);
        }
        return value == 1;
    }

    private static Object array(GgufCursor cursor, GgufType type, int depth) {
        int count =
                cursor.count(
                        "the number of elements", type.minimumBytes(), (int) GgufCursor.MOST_HEAP);
        return switch (type) {
            case UINT8 -> widen(cursor.bytes(count), 0xff);
            case INT8 -> widen(cursor.bytes(count), -1);
            case UINT16 -> widen(cursor.shorts(count), 0xffff);
            case INT16 -> widen(cursor.shorts(count), -1);
            case UINT32 -> widen(cursor.ints(count));
            case INT32 -> cursor.ints(count);
            case UINT64 -> unsigned(cursor, count);
            case INT64 -> cursor.longs(count);
            case FLOAT32 -> cursor.floats(count);
            case FLOAT64 -> cursor.doubles(count);
            case BOOL -> bools(cursor, count);
            case STRING -> cursor.strings(count);
            case ARRAY -> arrays(cursor, count, depth);
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

    private static long[] unsigned(GgufCursor cursor, int count) {
        long at = cursor.position();
        long[] values = cursor.longs(count);
        for (int i = 0; i < count; i++) {
            if (values[i] < 0) {
                throw cursor.problem(
                        at + 8L * i,
                        "element %d is %s, beyond 2^63"
                                .formatted(i, Long.toUnsignedString(values[i])));
            }
        }
        return values;
    }

    private static List<Boolean> bools(GgufCursor cursor, int count) {
        long at = cursor.position();
        cursor.charge(8L * count);
        Boolean[] values = new Boolean[count];
        byte[] bytes = cursor.bytes(count);
        for (int i = 0; i < count; i++) {
            values[i] = bool(cursor, bytes[i] & 0xff, at + i);
        }
        return List.of(values);
    }

    private static List<Object> arrays(GgufCursor cursor, int count, int depth) {
        if (depth == DEEPEST) {
            throw cursor.problem(
                    cursor.position(), "arrays are nested deeper than " + DEEPEST + " levels");
        }
        cursor.charge((long) ENTRY_HEAP * count);
        List<Object> values = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            values.add(array(cursor, type(cursor), depth + 1));
        }
        return List.copyOf(values);
    }
}
