package dev.jebena.formats;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// An array on its way into a GGUF file.
record GgufArray(GgufType type, List<?> elements) {
    /// @param value an array or list as [TensorFile#metadata()] describes them
    static GgufArray of(GgufType type, Object value) {
        List<?> elements =
                switch (value) {
                    case int[] ints -> Arrays.stream(ints).boxed().toList();
                    case long[] longs -> Arrays.stream(longs).boxed().toList();
                    case float[] floats -> boxed(floats);
                    case double[] doubles -> Arrays.stream(doubles).boxed().toList();
                    case List<?> list when type == GgufType.ARRAY -> nested(list);
                    case List<?> list -> list;
                    default ->
                            throw new IllegalArgumentException(
                                    "no GGUF array: " + value.getClass().getName());
                };
        return new GgufArray(type, elements);
    }

    private static List<Float> boxed(float[] floats) {
        List<Float> boxed = new ArrayList<>(floats.length);
        for (float value : floats) {
            boxed.add(value);
        }
        return boxed;
    }

    private static List<GgufArray> nested(List<?> list) {
        List<GgufArray> arrays = new ArrayList<>(list.size());
        for (Object element : list) {
            arrays.add(of(elementType(element), element));
        }
        return arrays;
    }

    /// The natural element type of an array inside an array.
    private static GgufType elementType(Object array) {
        return switch (array) {
            case int[] ints -> GgufType.INT32;
            case long[] longs -> GgufType.INT64;
            case float[] floats -> GgufType.FLOAT32;
            case double[] doubles -> GgufType.FLOAT64;
            case List<?> list when list.isEmpty() || list.getFirst() instanceof String ->
                    GgufType.STRING;
            case List<?> list when list.getFirst() instanceof Boolean -> GgufType.BOOL;
            default -> GgufType.ARRAY;
        };
    }
}
