package dev.jebena.tensor;

import dev.jebena.tensor.Op.Spec;
import java.util.Locale;

/// Shapes and types of what ops give, and the errors for operands that do not fit.
final class Inference {
    private Inference() {}

    static Spec[] infer(Op op, Spec... in) {
        return switch (op) {
            case Op.Unary u -> one(in[0].shape(), unary(u.kind(), in[0].dtype()));
            case Op.Binary b -> one(in[0].shape(), binary(b.kind(), in));
            case Op.Compare c -> one(same(name(c.kind()), in), DType.BOOL);
            case Op.Where w -> where(in);
            case Op.Clamp c -> in.clone();
            case Op.Cast c -> one(in[0].shape(), c.to());
            case Op.Reshape r -> reshape(r, in[0]);
            case Op.Permute p -> one(permute(p.order(), in[0].shape()), in[0].dtype());
            case Op.Expand e -> expand(e, in[0]);
            case Op.Slice s -> one(slice(s, in[0].shape()), in[0].dtype());
            case Op.Pad p -> one(pad(p, in[0].shape()), in[0].dtype());
            case Op.Flip f -> in.clone();
            case Op.Unfold u -> one(unfold(u, in[0].shape()), in[0].dtype());
            case Op.Fold f -> one(fold(f, in[0].shape()), in[0].dtype());
            case Op.Concat c -> concat(c.axis(), in);
            case Op.Reduce r -> reduce(r, in[0]);
            case Op.ArgReduce a ->
                    one(in[0].shape().with(filled(a, in[0].shape()), 1), DType.INT64);
            case Op.Cumulate c -> one(in[0].shape(), summed(in[0].dtype()));
            case Op.CumulateIndex c -> one(in[0].shape(), DType.INT64);
            case Op.Gather g -> gather("gather", g.axis(), in);
            case Op.Scatter s -> scatter("scatter", s.axis(), in);
            case Op.ScatterAdd s -> scatter("scatterAdd", s.axis(), in);
            case Op.IndexSelect s -> indexSelect(s.axis(), in);
            case Op.IndexAdd a -> indexAdd(a.axis(), in);
            case Op.ArgSort a -> one(in[0].shape(), DType.INT64);
            case Op.TopK t -> topK(t, in[0].shape());
            case Op.MatMul m -> matmul(m, in);
            case Op.Conv c -> ConvShapes.forward(c.window(), in);
            case Op.ConvInput c -> one(c.input(), in[0].dtype());
            case Op.ConvWeight c -> one(c.weight(), in[0].dtype());
            case Op.PoolIndex p -> one(pooled(p.windows(), in[0].shape()), DType.INT64);
            case Op.PoolSum p -> one(pooled(p.windows(), in[0].shape()), in[0].dtype());
            case Op.PoolSpread p -> one(spread(p, in[0].shape()), in[0].dtype());
            case Op.Softmax s -> floats("softmax", in[0]);
            case Op.LogSoftmax s -> floats("logSoftmax", in[0]);
            case Op.CrossEntropy c -> crossEntropy(c.axis(), in);
            case Op.CrossEntropyGradient c -> one(in[0].shape(), in[0].dtype());
            case Op.Standardize s -> standardize(s, in[0]);
            case Op.Attention a -> attention(in);
            case Op.Fft f -> fft(in[0]);
            case Op.Cholesky c -> square("cholesky", in[0], in[0].shape());
            case Op.TriangularSolve t -> solve("triangularSolve", in);
            case Op.Solve s -> solve("solve", in);
            case Op.Qr q -> qr(in[0]);
            case Op.Svd s -> svd(in[0]);
            case Op.Eigh e -> eigh(in[0]);
            case Op.SlogDet s -> slogDet(in[0]);
            case Op.Random r -> one(r.shape(), r.dtype());
            case Op.Custom c ->
                    throw TensorException.unknown(
                            "%s: a custom op's shapes are known only when it runs",
                            c.definition().name());
        };
    }

    private static Spec[] one(Shape shape, DType dtype) {
        return new Spec[] {new Spec(shape, dtype)};
    }

    static String name(Enum<?> kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    private static DType unary(Op.UnaryKind kind, DType dtype) {
        boolean test =
                switch (kind) {
                    case IS_NAN, IS_INF, IS_FINITE -> true;
                    default -> false;
                };
        if (kind == Op.UnaryKind.NOT ? dtype.isFloat() : !dtype.isFloat() && !kind.hasIntegers()) {
            throw TensorException.dtype("%s is not defined for %s", name(kind), dtype);
        }
        if (kind == Op.UnaryKind.NEG && dtype == DType.BOOL) {
            throw TensorException.dtype("neg is not defined for bool; use not()");
        }
        return test ? DType.BOOL : dtype;
    }

    private static DType binary(Op.BinaryKind kind, Spec[] in) {
        same(name(kind), in);
        DType dtype = in[0].dtype();
        boolean fits =
                switch (kind) {
                    case DIV, ATAN2 -> dtype.isFloat();
                    case AND, OR, XOR -> !dtype.isFloat();
                    case SHIFT_LEFT, SHIFT_RIGHT -> dtype.kind() == DType.Kind.INTEGER;
                    case SUB -> dtype != DType.BOOL;
                    default -> true;
                };
        if (!fits) {
            throw TensorException.dtype("%s is not defined for %s", name(kind), dtype);
        }
        return dtype;
    }

    private static Shape same(String name, Spec... in) {
        if (!in[0].equals(in[1])) {
            throw TensorException.shape(
                    "%s: operands differ: %s and %s; broadcast and cast them first",
                    name, in[0], in[1]);
        }
        return in[0].shape();
    }

    private static Spec[] where(Spec[] in) {
        same("where", in[1], in[2]);
        if (in[0].dtype() != DType.BOOL || !in[0].shape().equals(in[1].shape())) {
            throw TensorException.dtype(
                    "where: the condition is %s; bool%s is needed", in[0], in[1].shape());
        }
        return new Spec[] {in[1]};
    }

    private static Spec[] reshape(Op.Reshape r, Spec in) {
        if (in.shape().size() != r.to().size()) {
            throw TensorException.shape(
                    "reshape: %s has %d elements, %s has %d",
                    in.shape(), in.shape().size(), r.to(), r.to().size());
        }
        return one(r.to(), in.dtype());
    }

    private static Shape permute(Ints order, Shape shape) {
        int[] dims = new int[order.size()];
        boolean[] seen = new boolean[shape.rank()];
        boolean valid = order.size() == shape.rank();
        for (int i = 0; valid && i < dims.length; i++) {
            int axis = order.get(i);
            valid = axis >= 0 && axis < seen.length && !seen[axis];
            if (valid) {
                seen[axis] = true;
                dims[i] = shape.dim(axis);
            }
        }
        if (!valid) {
            throw TensorException.shape(
                    "permute: %s is not an order of the %d axes of %s", order, shape.rank(), shape);
        }
        return Shape.of(dims);
    }

    private static Spec[] expand(Op.Expand e, Spec in) {
        Shape from = in.shape();
        boolean valid = from.rank() == e.to().rank();
        for (int i = 0; valid && i < from.rank(); i++) {
            valid = from.dim(i) == 1 || from.dim(i) == e.to().dim(i);
        }
        if (!valid) {
            throw TensorException.shape(
                    "expand: %s cannot become %s: only axes of length 1 can be repeated",
                    from, e.to());
        }
        return one(e.to(), in.dtype());
    }

    private static Shape slice(Op.Slice s, Shape shape) {
        int[] dims = new int[shape.rank()];
        for (int i = 0; i < dims.length; i++) {
            int begin = s.begin().get(i);
            int end = s.end().get(i);
            int step = s.step().get(i);
            if (begin < 0 || end > shape.dim(i) || begin > end || step < 1) {
                throw TensorException.index(
                        "slice: %d to %d by %d is not within axis %d of %s",
                        begin, end, step, i, shape);
            }
            dims[i] = (end - begin + step - 1) / step;
        }
        return Shape.of(dims);
    }

    private static Shape pad(Op.Pad p, Shape shape) {
        int[] dims = new int[shape.rank()];
        for (int i = 0; i < dims.length; i++) {
            int low = p.low().get(i);
            int high = p.high().get(i);
            int interior = p.interior().get(i);
            if (low < 0 || high < 0 || interior < 0) {
                throw TensorException.value(
                        "pad: %s, %s of %s: negative", p.low(), p.high(), shape);
            }
            long length = shape.dim(i);
            long padded = low + high + length + Math.max(0, length - 1) * interior;
            dims[i] = length(padded, "pad", shape);
        }
        return Shape.of(dims);
    }

    private static int length(long length, String what, Shape shape) {
        if (length > Integer.MAX_VALUE) {
            throw TensorException.shape(
                    "%s of %s: an axis of %d elements is longer than %d",
                    what, shape, length, Integer.MAX_VALUE);
        }
        return (int) length;
    }

    private static Shape unfold(Op.Unfold u, Shape shape) {
        int length = shape.dim(u.axis());
        if (u.size() < 0 || u.size() > length || u.step() < 1) {
            throw TensorException.shape(
                    "unfold: windows of %d by %d do not fit axis %d of %s",
                    u.size(), u.step(), u.axis(), shape);
        }
        Shape windows = shape.with(u.axis(), (length - u.size()) / u.step() + 1);
        return windows.insert(windows.rank(), u.size());
    }

    private static Shape fold(Op.Fold f, Shape shape) {
        return shape.slice(0, shape.rank() - 1).with(f.axis(), f.length());
    }

    private static Spec[] concat(int axis, Spec[] in) {
        if (in.length == 0) {
            throw TensorException.value("concat: no tensors");
        }
        long length = 0;
        for (Spec spec : in) {
            boolean fits =
                    spec.dtype() == in[0].dtype()
                            && spec.shape().rank() == in[0].shape().rank()
                            && spec.shape().without(axis).equals(in[0].shape().without(axis));
            if (!fits) {
                throw TensorException.shape(
                        "concat along axis %d: %s and %s differ elsewhere", axis, in[0], spec);
            }
            length += spec.shape().dim(axis);
        }
        return one(
                in[0].shape().with(axis, length(length, "concat", in[0].shape())), in[0].dtype());
    }

    /// Integers are added up in 64 bits.
    static DType summed(DType dtype) {
        return dtype.isFloat() ? dtype : DType.INT64;
    }

    private static Spec[] reduce(Op.Reduce r, Spec in) {
        Shape shape = in.shape();
        for (int i = 0; i < r.axes().size(); i++) {
            int axis = r.axes().get(i);
            boolean needsOne = r.kind() == Op.ReduceKind.MAX || r.kind() == Op.ReduceKind.MIN;
            if (needsOne && shape.dim(axis) == 0) {
                throw TensorException.shape(
                        "%s: axis %d of %s is empty; there is no such element",
                        name(r.kind()), axis, in.shape());
            }
            shape = shape.with(axis, 1);
        }
        DType dtype =
                switch (r.kind()) {
                    case SUM, PROD -> summed(in.dtype());
                    case MAX, MIN -> in.dtype();
                    case ANY, ALL -> DType.BOOL;
                };
        return one(shape, dtype);
    }

    private static int filled(Op.ArgReduce a, Shape shape) {
        if (shape.dim(a.axis()) == 0) {
            throw TensorException.shape(
                    "%s: axis %d of %s is empty",
                    a.largest() ? "argmax" : "argmin", a.axis(), shape);
        }
        return a.axis();
    }

    private static void indices(String name, Spec index) {
        if (index.dtype() != DType.INT64 && index.dtype() != DType.INT32) {
            throw TensorException.dtype(
                    "%s: indices are %s; int32 or int64 is needed", name, index.dtype());
        }
    }

    private static Spec[] gather(String name, int axis, Spec[] in) {
        indices(name, in[1]);
        within(name, in[1].shape(), in[0].shape(), axis);
        return one(in[1].shape(), in[0].dtype());
    }

    private static void within(String name, Shape index, Shape shape, int axis) {
        boolean fits = index.rank() == shape.rank();
        for (int i = 0; fits && i < index.rank(); i++) {
            fits = i == axis || index.dim(i) <= shape.dim(i);
        }
        if (!fits) {
            throw TensorException.shape(
                    "%s along axis %d: indices of shape %s reach beyond %s",
                    name, axis, index, shape);
        }
    }

    private static Spec[] scatter(String name, int axis, Spec[] in) {
        indices(name, in[1]);
        within(name, in[1].shape(), in[0].shape(), axis);
        if (!in[1].shape().equals(in[2].shape()) || in[2].dtype() != in[0].dtype()) {
            throw TensorException.shape(
                    "%s: the source is %s; %s%s is needed, as many as indices",
                    name, in[2], in[0].dtype(), in[1].shape());
        }
        return new Spec[] {in[0]};
    }

    private static Spec[] indexSelect(int axis, Spec[] in) {
        indices("indexSelect", in[1]);
        if (in[1].shape().rank() != 1) {
            throw TensorException.shape(
                    "indexSelect: indices have shape %s; a list is needed", in[1].shape());
        }
        return one(in[0].shape().with(axis, in[1].shape().dim(0)), in[0].dtype());
    }

    private static Spec[] indexAdd(int axis, Spec[] in) {
        Shape slices = indexSelect(axis, in)[0].shape();
        if (!in[2].shape().equals(slices) || in[2].dtype() != in[0].dtype()) {
            throw TensorException.shape(
                    "indexAdd: the source is %s; %s%s is needed", in[2], in[0].dtype(), slices);
        }
        return new Spec[] {in[0]};
    }

    private static Spec[] topK(Op.TopK t, Shape shape) {
        if (t.k() < 0 || t.k() > shape.dim(t.axis())) {
            throw TensorException.value(
                    "topk: k %d is not within 0 to %d, axis %d of %s",
                    t.k(), shape.dim(t.axis()), t.axis(), shape);
        }
        return one(shape.with(t.axis(), t.k()), DType.INT64);
    }

    private static Spec[] matmul(Op.MatMul op, Spec[] in) {
        Shape a = in[0].shape();
        Shape b = in[1].shape();
        int rank = a.rank();
        if (rank < 2 || rank != b.rank()) {
            throw TensorException.shape("matmul: %s x %s: matrices are needed", a, b);
        }
        if (a.dim(-1) != b.dim(-2)) {
            throw TensorException.shape(
                    "matmul: inner dimensions differ: %s x %s (%d vs %d)",
                    a, b, a.dim(-1), b.dim(-2));
        }
        if (!a.slice(0, rank - 2).equals(b.slice(0, rank - 2))) {
            throw TensorException.shape("matmul: batches differ: %s x %s", a, b);
        }
        Shape result = a.with(rank - 1, b.dim(-1));
        if (op.wide()) {
            return one(result, wide(in, result));
        }
        if (in[0].dtype() != in[1].dtype() || in[0].dtype() == DType.BOOL) {
            throw TensorException.dtype(
                    "matmul: element types are %s and %s; two equal number types are needed",
                    in[0].dtype(), in[1].dtype());
        }
        return one(result, in[0].dtype());
    }

    private static DType wide(Spec[] in, Shape result) {
        DType a = in[0].dtype();
        DType b = in[1].dtype();
        boolean integers = a.bytes() == 1 && b.bytes() == 1 && a != DType.BOOL && b != DType.BOOL;
        boolean floats = a == b && a.isFloat() && a.bytes() == 2;
        if (!integers && !floats) {
            throw TensorException.dtype(
                    "wide matmul: element types are %s and %s; two equal floats of 16 bits or two"
                            + " integers of 8 bits are needed",
                    a, b);
        }
        Spec start = new Spec(result.with(result.rank() - 2, 1), DType.INT32);
        if (in.length > 2 && (floats || !in[2].equals(start))) {
            throw TensorException.shape(
                    "wide matmul: sums of %s and %s cannot begin with %s; %s is needed",
                    in[0], in[1], in[2], start);
        }
        return integers ? DType.INT32 : DType.FLOAT32;
    }

    private static Shape pooled(Op.Pooling p, Shape shape) {
        Shape out = shape;
        for (int i = 0; i < p.rank(); i++) {
            out = out.with(shape.rank() - p.rank() + i, p.begins().get(i).size());
        }
        return out;
    }

    private static Shape spread(Op.PoolSpread p, Shape shape) {
        int rank = p.windows().rank();
        return shape.slice(0, shape.rank() - rank).concat(Shape.of(p.lengths().toArray()));
    }

    private static Spec[] floats(String name, Spec in) {
        if (!in.dtype().isFloat()) {
            throw TensorException.dtype("%s is not defined for %s", name, in.dtype());
        }
        return new Spec[] {in};
    }

    private static Spec[] crossEntropy(int axis, Spec[] in) {
        floats("crossEntropy", in[0]);
        Shape lines = in[0].shape().with(axis, 1);
        if (in[1].dtype() != DType.INT64 || !in[1].shape().equals(lines)) {
            throw TensorException.shape(
                    "crossEntropy: classes %s do not fit %s along axis %d; int64%s is needed",
                    in[1], in[0], axis, lines);
        }
        if (in.length > 2 && !in[2].equals(in[0])) {
            throw TensorException.shape(
                    "crossEntropy: weights %s of classes; %s is needed", in[2], in[0]);
        }
        Spec each = new Spec(lines, in[0].dtype());
        return new Spec[] {each, each};
    }

    private static Spec[] standardize(Op.Standardize s, Spec in) {
        floats("layerNorm", in);
        Shape factor = in.shape();
        for (int i = 1; i <= s.axes(); i++) {
            factor = factor.with(-i, 1);
        }
        return new Spec[] {in, new Spec(factor, in.dtype())};
    }

    private static Spec[] attention(Spec[] in) {
        Shape q = in[0].shape();
        Shape k = in[1].shape();
        Shape v = in[2].shape();
        boolean fits =
                q.rank() >= 2
                        && q.rank() == k.rank()
                        && k.rank() == v.rank()
                        && q.dim(-1) == k.dim(-1)
                        && k.dim(-2) == v.dim(-2)
                        && q.slice(0, q.rank() - 2).equals(k.slice(0, q.rank() - 2))
                        && k.slice(0, q.rank() - 2).equals(v.slice(0, q.rank() - 2));
        if (!fits) {
            throw TensorException.shape(
                    "attention: q %s, k %s and v %s do not fit: [..., m, d], [..., n, d], [..., n,"
                            + " e]",
                    q, k, v);
        }
        return one(q.with(-1, v.dim(-1)), in[0].dtype());
    }

    private static Spec[] fft(Spec in) {
        Shape shape = in.shape();
        if (shape.rank() < 2 || shape.dim(-1) != 2 || !in.dtype().isFloat() || shape.dim(-2) == 0) {
            throw TensorException.shape(
                    "fft: %s; numbers [..., n, 2] of real and imaginary parts are needed", in);
        }
        return new Spec[] {in};
    }

    private static Spec[] square(String name, Spec in, Shape result) {
        Shape shape = matrices(name, in);
        if (shape.dim(-1) != shape.dim(-2)) {
            throw TensorException.shape("%s: matrices of %s are not square", name, shape);
        }
        return one(result, in.dtype());
    }

    private static Shape matrices(String name, Spec in) {
        floats(name, in);
        if (in.shape().rank() < 2) {
            throw TensorException.shape("%s: %s is not a matrix", name, in.shape());
        }
        return in.shape();
    }

    private static Spec[] solve(String name, Spec[] in) {
        Shape a = in[0].shape();
        Shape b = in[1].shape();
        square(name, in[0], b);
        boolean fits = a.rank() == b.rank() && a.without(-1).equals(b.without(-1));
        if (!fits || in[0].dtype() != in[1].dtype()) {
            throw TensorException.shape("%s: %s and %s do not fit", name, in[0], in[1]);
        }
        return new Spec[] {in[1]};
    }

    private static Spec[] qr(Spec in) {
        Shape shape = matrices("qr", in);
        int k = Math.min(shape.dim(-1), shape.dim(-2));
        return new Spec[] {
            new Spec(shape.with(-1, k), in.dtype()), new Spec(shape.with(-2, k), in.dtype())
        };
    }

    private static Spec[] svd(Spec in) {
        Spec[] parts = qr(in);
        Shape values = parts[0].shape().without(-2);
        return new Spec[] {parts[0], new Spec(values, in.dtype()), parts[1]};
    }

    private static Spec[] eigh(Spec in) {
        Shape shape = square("eigh", in, in.shape())[0].shape();
        return new Spec[] {new Spec(shape.without(-1), in.dtype()), in};
    }

    private static Spec[] slogDet(Spec in) {
        Shape shape = square("slogdet", in, in.shape())[0].shape();
        Spec one = new Spec(shape.slice(0, shape.rank() - 2), in.dtype());
        return new Spec[] {one, one};
    }
}
