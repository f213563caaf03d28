package dev.jebena.onnx.internal;

import dev.jebena.formats.OnnxAttribute;
import dev.jebena.formats.OnnxElement;
import dev.jebena.onnx.Datum;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// Shapes, and other shapes of the same elements; constants.
final class ShapeOperators {
    private ShapeOperators() {}

    static void addTo(Operators all) {
        all.one("Identity", call -> call.datum(0));
        all.one("Shape", ShapeOperators::shape);
        all.one("Size", call -> Datum.of(Tensor.scalar(of(call.datum(0)).size(), DType.INT64)));
        all.one("Reshape", call -> reshaped(call, target(call)));
        all.one("Flatten", ShapeOperators::flatten);
        all.one("Squeeze", ShapeOperators::squeeze);
        all.one("Unsqueeze", ShapeOperators::unsqueeze);
        all.one("Transpose", ShapeOperators::transpose);
        all.one("Expand", ShapeOperators::expand);
        all.one("Constant", ShapeOperators::constant);
        all.one("ConstantOfShape", ShapeOperators::constantOfShape);
        all.one("Range", ShapeOperators::range);
        all.one("EyeLike", call -> Carriers.wrap(typeOf(call, call.element(0)), eye(call)));
        all.like("DepthToSpace", ShapeOperators::depthToSpace);
        all.like("SpaceToDepth", ShapeOperators::spaceToDepth);
        all.like("Trilu", ShapeOperators::triangle);
    }

    static Shape of(Datum datum) {
        return switch (datum) {
            case Datum.Numbers numbers -> numbers.tensor().shape();
            case Datum.Texts texts -> texts.shape();
            case Datum.Sequence sequence -> Shape.of(sequence.values().size());
            case Datum.Maybe maybe -> maybe.value().map(ShapeOperators::of).orElse(Shape.scalar());
        };
    }

    private static Datum shape(Call call) {
        int[] dims = of(call.datum(0)).toArray();
        int begin = clamp(call.integer("start", 0), dims.length);
        int end = clamp(call.integer("end", dims.length), dims.length);
        int[] part = Arrays.copyOfRange(dims, begin, Math.max(begin, end));
        return Datum.of(Loops.vector(Loops.longs(part)));
    }

    private static int clamp(long axis, int rank) {
        return Math.clamp(axis < 0 ? axis + rank : axis, 0, rank);
    }

    /// The first input in another shape of as many elements.
    static Datum reshaped(Call call, Shape to) {
        if (of(call.datum(0)).size() != to.size()) {
            throw call.problem(
                    "%s has %d elements, shape %s has %d",
                    of(call.datum(0)), of(call.datum(0)).size(), to, to.size());
        }
        return call.datum(0) instanceof Datum.Texts texts
                ? new Datum.Texts(to, texts.values())
                : new Datum.Numbers(call.element(0), call.tensor(0).reshape(to));
    }

    private static Shape target(Call call) {
        long[] wanted = call.has(1) ? call.longs(1) : call.integers("shape");
        Shape from = of(call.datum(0));
        boolean zeros = call.flag("allowzero");
        int[] dims = new int[wanted.length];
        int unknown = -1;
        long product = 1;
        for (int i = 0; i < dims.length; i++) {
            if (wanted[i] == -1) {
                if (unknown >= 0) {
                    throw call.problem("shape %s has -1 twice", Arrays.toString(wanted));
                }
                unknown = i;
                continue;
            }
            if (wanted[i] == 0 && !zeros && i >= from.rank()) {
                throw call.problem(
                        "shape %s copies axis %d of %s", Arrays.toString(wanted), i, from);
            }
            dims[i] = wanted[i] == 0 && !zeros ? from.dim(i) : Math.toIntExact(wanted[i]);
            product = Math.multiplyExact(product, dims[i]);
        }
        if (unknown >= 0) {
            if (product == 0 ? from.size() != 0 : from.size() % product != 0) {
                throw call.problem(
                        "%d elements of %s do not divide into %s",
                        from.size(), from, Arrays.toString(wanted));
            }
            dims[unknown] = product == 0 ? 0 : Math.toIntExact(from.size() / product);
        }
        return Shape.of(dims);
    }

    private static Datum flatten(Call call) {
        Shape shape = of(call.datum(0));
        long axis = call.integer("axis", 1);
        int at = axis == shape.rank() ? shape.rank() : call.axis(axis, Math.max(1, shape.rank()));
        int split = Math.min(at, shape.rank());
        return reshaped(
                call,
                Shape.of(
                        Math.toIntExact(shape.slice(0, split).size()),
                        Math.toIntExact(shape.slice(split, shape.rank()).size())));
    }

    private static Datum squeeze(Call call) {
        Shape shape = of(call.datum(0));
        int[] axes = call.listOf("axes", 1);
        if (axes == null) {
            return reshaped(
                    call, Shape.of(Arrays.stream(shape.toArray()).filter(d -> d != 1).toArray()));
        }
        int[] found = call.axes(axes, shape.rank());
        for (int axis : found) {
            if (shape.dim(axis) != 1) {
                throw call.problem("axis %d of %s has not length 1", axis, shape);
            }
        }
        int[] kept =
                IntStream.range(0, shape.rank())
                        .filter(i -> Arrays.stream(found).noneMatch(axis -> axis == i))
                        .map(shape::dim)
                        .toArray();
        return reshaped(call, Shape.of(kept));
    }

    private static Datum unsqueeze(Call call) {
        Shape shape = of(call.datum(0));
        int[] axes = call.listOf("axes", 1);
        if (axes == null) {
            throw call.problem("axes are missing");
        }
        int[] sorted = call.axes(axes, shape.rank() + axes.length);
        Arrays.sort(sorted);
        for (int i = 0; i < sorted.length; i++) {
            if (i > 0 && sorted[i] == sorted[i - 1]) {
                throw call.problem("axis %d is given twice", sorted[i]);
            }
            shape = shape.insert(sorted[i], 1);
        }
        return reshaped(call, shape);
    }

    private static Datum transpose(Call call) {
        return Moves.of(call.datum(0), x -> x.permute(order(call, x.rank())));
    }

    private static int[] order(Call call, int rank) {
        return call.numbers("perm", IntStream.range(0, rank).map(i -> rank - 1 - i).toArray());
    }

    private static Datum expand(Call call) {
        Shape wanted = Shape.of(call.ints(1));
        Shape shape = Shape.broadcast("Expand", of(call.datum(0)), wanted);
        return Moves.of(call.datum(0), x -> x.expand(shape));
    }

    private static Datum constant(Call call) {
        List<OnnxAttribute> attributes = call.node().attributes();
        if (attributes.size() != 1) {
            throw call.problem("%d attributes are given, one is needed", attributes.size());
        }
        return switch (attributes.getFirst().value()) {
            case OnnxAttribute.Tensor tensor -> Datum.of(tensor.value());
            case OnnxAttribute.Sparse sparse -> TensorFiles.read(sparse.value());
            case OnnxAttribute.Int value -> Datum.of(Tensor.scalar(value.value(), DType.INT64));
            case OnnxAttribute.Real value -> Datum.of(Tensor.scalar((double) value.value()));
            case OnnxAttribute.Ints _ -> Datum.of(Loops.vector(call.integers("value_ints")));
            case OnnxAttribute.Reals _ -> {
                double[] reals = call.reals("value_floats");
                yield Datum.of(Loops.of(reals, Shape.of(reals.length), DType.FLOAT32));
            }
            case OnnxAttribute.Text value ->
                    new Datum.Texts(Shape.scalar(), List.of(value.value().utf8()));
            case OnnxAttribute.Texts _ -> {
                List<String> texts = call.textList("value_strings");
                yield new Datum.Texts(Shape.of(texts.size()), texts);
            }
            default ->
                    throw call.problem("attribute %s is no constant", attributes.getFirst().name());
        };
    }

    private static Datum constantOfShape(Call call) {
        Shape shape = Shape.of(call.ints(0));
        Optional<OnnxAttribute.Value> value = call.node().attribute("value");
        if (value.isEmpty()) {
            return Datum.of(Tensor.full(shape, 0, DType.FLOAT32));
        }
        if (value.get() instanceof OnnxAttribute.Tensor tensor
                && Datum.of(tensor.value()) instanceof Datum.Numbers one
                && one.tensor().size() == 1) {
            return new Datum.Numbers(
                    one.element(), one.tensor().reshape(Shape.scalar()).expand(shape));
        }
        throw call.problem("the value is not one number");
    }

    private static Datum range(Call call) {
        DType type = call.tensor(0).dtype();
        if (type.isFloat()) {
            double begin = call.realScalar(0);
            double step = call.realScalar(2);
            double count = Math.max(0, Math.ceil((call.realScalar(1) - begin) / step));
            if (!(count <= Integer.MAX_VALUE)) {
                throw call.problem("%s numbers from %s on, %s apart", count, begin, step);
            }
            Tensor places = Tensor.arange((long) count).to(DType.FLOAT64);
            return call.like(0, places.mul(step).add(begin));
        }
        return call.like(0, Tensor.arange(call.scalar(0), call.scalar(1), call.scalar(2)));
    }

    private static Tensor eye(Call call) {
        Shape shape = call.tensor(0).shape();
        if (shape.rank() != 2) {
            throw call.problem("shape %s has not two axes", shape);
        }
        Tensor rows = Tensor.arange(shape.dim(0)).unsqueeze(1);
        Tensor columns = Tensor.arange(shape.dim(1)).sub((double) call.integer("k", 0));
        return rows.eq(columns);
    }

    private static Tensor depthToSpace(Call call) {
        Tensor x = call.tensor(0);
        int b = call.number("blocksize", 0);
        check(call, x, b, x.rank() == 4 && b > 0 && x.dim(1) % (b * b) == 0);
        int n = x.dim(0);
        int c = x.dim(1) / (b * b);
        int h = x.dim(2);
        int w = x.dim(3);
        Tensor moved =
                call.text("mode", "DCR").equals("CRD")
                        ? x.reshape(Shape.of(n, c, b, b, h, w)).permute(0, 1, 4, 2, 5, 3)
                        : x.reshape(Shape.of(n, b, b, c, h, w)).permute(0, 3, 4, 1, 5, 2);
        return moved.reshape(Shape.of(n, c, h * b, w * b));
    }

    private static Tensor spaceToDepth(Call call) {
        Tensor x = call.tensor(0);
        int b = call.number("blocksize", 0);
        check(call, x, b, x.rank() == 4 && b > 0 && x.dim(2) % b == 0 && x.dim(3) % b == 0);
        int n = x.dim(0);
        int c = x.dim(1);
        int h = x.dim(2) / b;
        int w = x.dim(3) / b;
        return x.reshape(Shape.of(n, c, h, b, w, b))
                .permute(0, 3, 5, 1, 2, 4)
                .reshape(Shape.of(n, c * b * b, h, w));
    }

    private static void check(Call call, Tensor x, int block, boolean fits) {
        if (!fits) {
            throw call.problem("shape %s has no blocks of %d", x.shape(), block);
        }
    }

    private static Tensor triangle(Call call) {
        Tensor x = call.tensor(0);
        int k = call.has(1) ? Math.clamp(call.scalar(1), -(1 << 30), 1 << 30) : 0;
        Tensor rows = Tensor.arange(x.dim(-2)).unsqueeze(1);
        Tensor columns = Tensor.arange(x.dim(-1)).sub((double) k);
        boolean upper = call.integer("upper", 1) != 0;
        Tensor kept = upper ? columns.ge(rows) : columns.le(rows);
        return kept.where(x, x.zerosLike());
    }

    /// The element type that EyeLike and the random operators name.
    static OnnxElement typeOf(Call call, OnnxElement otherwise) {
        return call.hasAttribute("dtype") ? Carriers.element(call.integer("dtype", 0)) : otherwise;
    }
}
