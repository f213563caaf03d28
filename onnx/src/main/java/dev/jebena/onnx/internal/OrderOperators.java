package dev.jebena.onnx.internal;

import dev.jebena.onnx.Datum;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Sorting;
import dev.jebena.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What depends on the order of elements: largest ones, sorted ones, running sums.
final class OrderOperators {
    private OrderOperators() {}

    static void addTo(Operators all) {
        all.one("ArgMax", call -> extreme(call, true));
        all.one("ArgMin", call -> extreme(call, false));
        all.many("TopK", OrderOperators::top);
        all.like("CumSum", call -> running(call, false));
        all.like("CumProd", call -> running(call, true));
        all.many("Unique", OrderOperators::unique);
    }

    private static Datum extreme(Call call, boolean largest) {
        Tensor x = call.tensor(0);
        int axis = call.axis(call.integer("axis", 0), x.rank());
        Tensor found;
        if (call.flag("select_last_index")) {
            Tensor flipped = x.flip(axis);
            Tensor place = largest ? flipped.argmax(axis) : flipped.argmin(axis);
            found = place.neg().add(x.dim(axis) - 1);
        } else {
            found = largest ? x.argmax(axis) : x.argmin(axis);
        }
        boolean keep = call.integer("keepdims", 1) != 0;
        return Datum.of((keep ? found.unsqueeze(axis) : found).to(DType.INT64));
    }

    private static List<Datum> top(Call call) {
        Tensor x = call.tensor(0);
        int axis = call.axis(call.integer("axis", -1), x.rank());
        long k = call.opset() < 10 ? call.integer("k", 0) : call.scalar(1);
        if (k < 0 || k > x.dim(axis)) {
            throw call.problem("the largest %d of axis %d of %s", k, axis, x.shape());
        }
        boolean largest = call.integer("largest", 1) != 0;
        Sorting.Sorted sorted = x.topk((int) k, axis, largest);
        return List.of(call.like(0, sorted.values()), Datum.of(sorted.indices().to(DType.INT64)));
    }

    private static Tensor running(Call call, boolean product) {
        Tensor x = call.tensor(0);
        int axis = call.axis(call.scalar(1), x.rank());
        boolean reverse = call.flag("reverse");
        Tensor y = reverse ? x.flip(axis) : x;
        if (call.flag("exclusive") && x.dim(axis) > 0) {
            int[] pairs = new int[2 * (x.rank() - axis)];
            pairs[pairs.length - 2] = 1;
            y = y.slice(axis, 0, x.dim(axis) - 1).pad(product ? 1 : 0, pairs);
        }
        y = (product ? y.cumprod(axis) : y.cumsum(axis)).to(x.dtype());
        return reverse ? y.flip(axis) : y;
    }

    /// Slices of an axis as keys of a map.
    private static List<Datum> unique(Call call) {
        Datum datum = call.datum(0);
        Shape shape = ShapeOperators.of(datum);
        boolean flat = !call.hasAttribute("axis");
        int axis = flat ? 0 : call.axis(call.integer("axis", 0), shape.rank());
        int length = flat ? Math.toIntExact(shape.size()) : shape.dim(axis);
        List<List<? extends Comparable<?>>> rows = rows(datum, flat, axis, length);
        Map<List<?>, Integer> groups = new HashMap<>();
        List<Integer> first = new ArrayList<>();
        int[] inverse = new int[length];
        for (int i = 0; i < length; i++) {
            Integer group = groups.putIfAbsent(rows.get(i), first.size());
            if (group == null) {
                inverse[i] = first.size();
                first.add(i);
            } else {
                inverse[i] = group;
            }
        }
        Integer[] order = new Integer[first.size()];
        Arrays.setAll(order, i -> i);
        if (call.integer("sorted", 1) != 0) {
            Arrays.sort(order, (a, b) -> compare(rows.get(first.get(a)), rows.get(first.get(b))));
        }
        int[] rank = new int[order.length];
        long[] firsts = new long[order.length];
        for (int i = 0; i < order.length; i++) {
            rank[order[i]] = i;
            firsts[i] = first.get(order[i]);
        }
        long[] counts = new long[order.length];
        long[] ranks = new long[length];
        for (int i = 0; i < length; i++) {
            ranks[i] = rank[inverse[i]];
            counts[rank[inverse[i]]]++;
        }
        Tensor places = Loops.vector(firsts);
        Datum values = Moves.of(datum, x -> (flat ? x.flatten() : x).indexSelect(axis, places));
        return List.of(
                values,
                Datum.of(places),
                Datum.of(Loops.vector(ranks)),
                Datum.of(Loops.vector(counts)));
    }

    private static List<List<? extends Comparable<?>>> rows(
            Datum datum, boolean flat, int axis, int length) {
        List<List<? extends Comparable<?>>> rows = new ArrayList<>();
        if (datum instanceof Datum.Texts texts) {
            long[] places =
                    (flat ? Moves.places(texts).flatten() : Moves.places(texts).moveAxis(axis, 0))
                            .toLongs();
            int width = length == 0 ? 0 : places.length / length;
            for (int i = 0; i < length; i++) {
                List<String> row = new ArrayList<>();
                for (int j = 0; j < width; j++) {
                    row.add(texts.values().get((int) places[i * width + j]));
                }
                rows.add(row);
            }
            return rows;
        }
        Tensor x = ((Datum.Numbers) datum).tensor();
        Tensor front = flat ? x.flatten() : x.moveAxis(axis, 0);
        boolean reals = x.dtype().isFloat();
        double[] doubles = reals ? front.toDoubles() : new double[0];
        long[] longs = reals ? new long[0] : front.toLongs();
        int width = length == 0 ? 0 : Math.toIntExact(x.size() / length);
        for (int i = 0; i < length; i++) {
            List<Comparable<?>> row = new ArrayList<>();
            for (int j = 0; j < width; j++) {
                int at = i * width + j;
                // + 0.0 makes one of both zeros.
                row.add(reals ? (Comparable<?>) (doubles[at] + 0.0) : (Comparable<?>) longs[at]);
            }
            rows.add(row);
        }
        return rows;
    }

    @SuppressWarnings("unchecked") // all elements of the rows of one tensor have one type
    private static int compare(List<? extends Comparable<?>> a, List<? extends Comparable<?>> b) {
        for (int i = 0; i < a.size(); i++) {
            int order = ((Comparable<Object>) a.get(i)).compareTo(b.get(i));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }
}
