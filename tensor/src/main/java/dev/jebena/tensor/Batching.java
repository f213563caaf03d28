package dev.jebena.tensor;

/// How each op of single elements is done for a whole batch, whose axis is the first.
final class Batching {
    private Batching() {}

    static Tensor[] run(Op op, BatchLevel level, Tensor[] in) {
        return switch (op) {
            case Op.IndexSelect s -> one(indexSelect(s, level, in));
            case Op.IndexAdd a -> one(indexAdd(a, level, in));
            case Op.Conv c when !in[0].dtype().isFloat() -> each(op, level, in);
            case Op.Conv c -> one(conv(c, level, in));
            case Op.ConvInput c -> one(convInput(c, level, in));
            case Op.ConvWeight c -> one(convWeight(c, level, in));
            case Op.Random r -> each(op, level, in);
            case Op.Custom c -> each(op, level, in);
            default -> Dispatch.run(shifted(op, level.count()), all(level, in));
        };
    }

    /// The op for operands with one more axis in front.
    private static Op shifted(Op op, int count) {
        return switch (op) {
            case Op.Reshape r -> new Op.Reshape(r.to().insert(0, count));
            case Op.Permute p -> new Op.Permute(p.order().map(i -> i + 1).prepend(0));
            case Op.Expand e -> new Op.Expand(e.to().insert(0, count));
            case Op.Slice s ->
                    new Op.Slice(s.begin().prepend(0), s.end().prepend(count), s.step().prepend(1));
            case Op.Pad p ->
                    new Op.Pad(
                            p.low().prepend(0),
                            p.high().prepend(0),
                            p.interior().prepend(0),
                            p.value());
            case Op.Flip f -> new Op.Flip(f.axes().map(i -> i + 1));
            case Op.Unfold u -> new Op.Unfold(u.axis() + 1, u.size(), u.step());
            case Op.Fold f -> new Op.Fold(f.axis() + 1, f.size(), f.step(), f.length());
            case Op.Concat c -> new Op.Concat(c.axis() + 1);
            case Op.Reduce r -> new Op.Reduce(r.kind(), r.axes().map(i -> i + 1));
            case Op.ArgReduce a -> new Op.ArgReduce(a.largest(), a.axis() + 1);
            case Op.Cumulate c -> new Op.Cumulate(c.product(), c.axis() + 1);
            case Op.CumulateIndex c -> new Op.CumulateIndex(c.largest(), c.axis() + 1);
            case Op.Gather g -> new Op.Gather(g.axis() + 1);
            case Op.Scatter s -> new Op.Scatter(s.axis() + 1);
            case Op.ScatterAdd s -> new Op.ScatterAdd(s.axis() + 1);
            case Op.ArgSort a -> new Op.ArgSort(a.axis() + 1, a.descending());
            case Op.TopK t -> new Op.TopK(t.k(), t.axis() + 1, t.largest());
            case Op.Softmax s -> new Op.Softmax(s.axis() + 1);
            case Op.LogSoftmax s -> new Op.LogSoftmax(s.axis() + 1);
            case Op.CrossEntropy c -> behind(c);
            case Op.CrossEntropyGradient c -> new Op.CrossEntropyGradient(behind(c.of()));
            case Op.Unary u -> op;
            case Op.Binary b -> op;
            case Op.Compare c -> op;
            case Op.Where w -> op;
            case Op.Clamp c -> op;
            case Op.Cast c -> op;
            case Op.MatMul m -> op;
            case Op.PoolIndex p -> op;
            case Op.PoolSum p -> op;
            case Op.PoolSpread p -> op;
            case Op.Standardize s -> op;
            case Op.Attention a -> op;
            case Op.Fft f -> op;
            case Op.Cholesky c -> op;
            case Op.TriangularSolve t -> op;
            case Op.Solve s -> op;
            case Op.Qr q -> op;
            case Op.Svd s -> op;
            case Op.Eigh e -> op;
            case Op.SlogDet d -> op;
            case Op.IndexSelect s -> throw new IllegalStateException("has a rule of its own");
            case Op.IndexAdd a -> throw new IllegalStateException("has a rule of its own");
            case Op.Conv c -> throw new IllegalStateException("has a rule of its own");
            case Op.ConvInput c -> throw new IllegalStateException("has a rule of its own");
            case Op.ConvWeight c -> throw new IllegalStateException("has a rule of its own");
            case Op.Random r -> throw new IllegalStateException("has a rule of its own");
            case Op.Custom c -> throw new IllegalStateException("has a rule of its own");
        };
    }

    private static Op.CrossEntropy behind(Op.CrossEntropy c) {
        return new Op.CrossEntropy(c.axis() + 1, c.smoothing(), c.ignored());
    }

    private static Tensor[] one(Tensor tensor) {
        return new Tensor[] {tensor};
    }

    private static Tensor[] all(BatchLevel level, Tensor[] in) {
        Tensor[] all = new Tensor[in.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = level.all(in[i]);
        }
        return all;
    }

    /// One element after the other.
    private static Tensor[] each(Op op, BatchLevel level, Tensor[] in) {
        Tensor[] all = all(level, in);
        Tensor[][] results = new Tensor[level.count()][];
        for (int i = 0; i < results.length; i++) {
            Tensor[] elements = new Tensor[all.length];
            for (int k = 0; k < elements.length; k++) {
                elements[k] = all[k].select(0, i);
            }
            results[i] = Dispatch.run(op, elements);
        }
        if (results.length == 0) {
            throw TensorException.value("vmap: %s over an empty batch", op);
        }
        Tensor[] stacked = new Tensor[results[0].length];
        for (int k = 0; k < stacked.length; k++) {
            Tensor[] outputs = new Tensor[results.length];
            for (int i = 0; i < outputs.length; i++) {
                outputs[i] = results[i][k];
            }
            stacked[k] = Tensors.stack(0, outputs);
        }
        return stacked;
    }

    /// Lists of indices `[batch, n]` as indices of whole slices along `axis`, in the given shape.
    private static Tensor spread(Tensor indices, int axis, Shape shape) {
        int[] dims = Ints.filled(shape.rank(), 1).toArray();
        dims[0] = indices.dim(0);
        dims[axis] = indices.dim(1);
        return indices.reshape(dims).expand(shape);
    }

    private static Tensor indexSelect(Op.IndexSelect s, BatchLevel level, Tensor[] in) {
        Tensor x = level.all(in[0]);
        int axis = s.axis() + 1;
        if (!level.owns(in[1])) {
            return Dispatch.one(new Op.IndexSelect(axis), x, in[1]);
        }
        Tensor indices = level.all(in[1]);
        Shape shape = x.shape().with(axis, indices.dim(1));
        return Dispatch.one(new Op.Gather(axis), x, spread(indices, axis, shape));
    }

    private static Tensor indexAdd(Op.IndexAdd a, BatchLevel level, Tensor[] in) {
        Tensor x = level.all(in[0]);
        Tensor source = level.all(in[2]);
        int axis = a.axis() + 1;
        if (!level.owns(in[1])) {
            return Dispatch.one(new Op.IndexAdd(axis), x, in[1], source);
        }
        Tensor indices = spread(level.all(in[1]), axis, source.shape());
        return Dispatch.one(new Op.ScatterAdd(axis), x, indices, source);
    }

    /// The batch joins the axis of samples where the weight is the same for all, else the axis of
    /// channels, in groups.
    private static Tensor conv(Op.Conv c, BatchLevel level, Tensor[] in) {
        Tensor x = level.all(in[0]);
        if (!level.owns(in[1])) {
            Tensor y = Dispatch.one(c, x.flatten(0, 1), in[1]);
            return y.unflatten(0, level.count(), x.dim(1));
        }
        Tensor w = level.all(in[1]);
        Tensor y =
                Dispatch.one(new Op.Conv(grouped(c.window(), level)), channels(x), w.flatten(0, 1));
        return samples(y, level.count());
    }

    private static Tensor convInput(Op.ConvInput c, BatchLevel level, Tensor[] in) {
        Tensor y = level.all(in[0]);
        Shape input = c.input();
        if (!level.owns(in[1])) {
            Shape all = input.with(0, level.count() * input.dim(0));
            Tensor x = Dispatch.one(new Op.ConvInput(c.window(), all), y.flatten(0, 1), in[1]);
            return x.unflatten(0, level.count(), input.dim(0));
        }
        Tensor w = level.all(in[1]);
        Shape all = input.with(1, level.count() * input.dim(1));
        Op op = new Op.ConvInput(grouped(c.window(), level), all);
        return samples(Dispatch.one(op, channels(y), w.flatten(0, 1)), level.count());
    }

    private static Tensor convWeight(Op.ConvWeight c, BatchLevel level, Tensor[] in) {
        Shape weight = c.weight();
        Shape all = weight.with(0, level.count() * weight.dim(0));
        Op op = new Op.ConvWeight(grouped(c.window(), level), all);
        Tensor w = Dispatch.one(op, channels(level.all(in[0])), channels(level.all(in[1])));
        return w.unflatten(0, level.count(), weight.dim(0));
    }

    private static Op.Window grouped(Op.Window w, BatchLevel level) {
        return new Op.Window(
                w.stride(),
                w.low(),
                w.high(),
                w.dilation(),
                w.groups() * level.count(),
                w.byDefinition());
    }

    /// `[batch, n, c, ...]` as `[n, batch c, ...]`.
    private static Tensor channels(Tensor x) {
        return x.moveAxis(0, 1).flatten(1, 2);
    }

    private static Tensor samples(Tensor y, int count) {
        return y.unflatten(1, count, y.dim(1) / count).moveAxis(1, 0);
    }
}
