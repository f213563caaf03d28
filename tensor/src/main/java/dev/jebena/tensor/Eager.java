package dev.jebena.tensor;

import dev.jebena.tensor.Op.Spec;
import dev.jebena.tensor.internal.AttentionLoops;
import dev.jebena.tensor.internal.ClassLoops;
import dev.jebena.tensor.internal.ConvLoops;
import dev.jebena.tensor.internal.Copy;
import dev.jebena.tensor.internal.Elementwise;
import dev.jebena.tensor.internal.Fourier;
import dev.jebena.tensor.internal.IndexLoops;
import dev.jebena.tensor.internal.IntegerConv;
import dev.jebena.tensor.internal.Matrices;
import dev.jebena.tensor.internal.Multiply;
import dev.jebena.tensor.internal.NormLoops;
import dev.jebena.tensor.internal.PoolLoops;
import dev.jebena.tensor.internal.RandomLoops;
import dev.jebena.tensor.internal.ReduceLoops;
import dev.jebena.tensor.internal.ScanLoops;
import dev.jebena.tensor.internal.SortLoops;
import dev.jebena.tensor.internal.View;

/// Does ops at once.
final class Eager {
    private Eager() {}

    static Tensor[] run(Op op, Tensor... inputs) {
        if (op instanceof Op.Custom custom) {
            return custom.definition().forward(java.util.List.of(inputs)).toArray(Tensor[]::new);
        }
        Spec[] specs = new Spec[inputs.length];
        View[] in = new View[inputs.length];
        for (int i = 0; i < in.length; i++) {
            specs[i] = inputs[i].spec();
            in[i] = inputs[i].view();
        }
        Spec[] out = Inference.infer(op, specs);
        View view = view(op, in, out[0].shape());
        if (view != null) {
            return new Tensor[] {new Tensor(view)};
        }
        View[] results = new View[out.length];
        Tensor[] tensors = new Tensor[out.length];
        for (int i = 0; i < results.length; i++) {
            results[i] = View.allocate(out[i].dtype(), out[i].shape());
            tensors[i] = new Tensor(results[i]);
        }
        compute(op, in, results);
        return tensors;
    }

    /// Ops that only look at the same memory in another way.
    static @org.jspecify.annotations.Nullable View view(Op op, View[] in, Shape shape) {
        return switch (op) {
            case Op.Reshape r -> Strides.reshape(in[0], shape);
            case Op.Permute p -> in[0].permute(p.order().toArray());
            case Op.Expand e -> Strides.expand(in[0], shape);
            case Op.Slice s -> Strides.slice(in[0], s, shape);
            case Op.Flip f -> Strides.flip(in[0], f.axes());
            case Op.Unfold u -> Strides.unfold(in[0], u, shape);
            default -> null;
        };
    }

    static void compute(Op op, View[] in, View[] out) {
        View y = out[0];
        switch (op) {
            case Op.Unary u -> Elementwise.unary(u.kind(), in[0], y);
            case Op.Binary b -> Elementwise.binary(b.kind(), in[0], in[1], y);
            case Op.Compare c -> Elementwise.compare(c.kind(), in[0], in[1], y);
            case Op.Where w -> Elementwise.where(in[0], in[1], in[2], y);
            case Op.Clamp c -> Elementwise.clamp(c.low(), c.high(), in[0], y);
            case Op.Cast c -> Elementwise.cast(in[0], y);
            case Op.Pad p -> pad(p, in[0], y);
            case Op.Fold f -> ScanLoops.fold(f, in[0], y);
            case Op.Concat c -> concat(c.axis(), in, y);
            case Op.Reduce r -> ReduceLoops.reduce(r.kind(), in[0], r.axes(), y);
            case Op.ArgReduce a -> ReduceLoops.argument(a.largest(), in[0], a.axis(), y);
            case Op.Cumulate c -> ScanLoops.cumulate(c.product(), in[0], c.axis(), y);
            case Op.CumulateIndex c -> ScanLoops.index(c.largest(), in[0], c.axis(), y);
            case Op.Gather g -> IndexLoops.gather(g.axis(), in[0], in[1], y);
            case Op.Scatter s -> IndexLoops.scatter(s.axis(), false, in[0], in[1], in[2], y);
            case Op.ScatterAdd s -> IndexLoops.scatter(s.axis(), true, in[0], in[1], in[2], y);
            case Op.IndexSelect s -> IndexLoops.select(s.axis(), in[0], in[1], y);
            case Op.IndexAdd a -> IndexLoops.add(a.axis(), in[0], in[1], in[2], y);
            case Op.ArgSort a -> SortLoops.sort(a.axis(), a.descending(), in[0], y);
            case Op.TopK t -> SortLoops.topk(t.axis(), t.largest(), in[0], y);
            case Op.MatMul m when m.wide() -> Multiply.wide(in, y);
            case Op.MatMul m -> Multiply.matmul(in[0], in[1], y);
            case Op.Conv c when y.dtype() == DType.INT32 -> IntegerConv.forward(c.window(), in, y);
            case Op.Conv c -> ConvLoops.forward(c.window(), in[0], in[1], y);
            case Op.ConvInput c -> ConvLoops.input(c.window(), in[0], in[1], y);
            case Op.ConvWeight c -> ConvLoops.weight(c.window(), in[0], in[1], y);
            case Op.PoolIndex p -> PoolLoops.index(p.windows(), in[0], y);
            case Op.PoolSum p -> PoolLoops.sum(p.windows(), in[0], y);
            case Op.PoolSpread p -> PoolLoops.spread(p.windows(), in[0], y);
            case Op.Softmax s -> NormLoops.softmax(false, s.axis(), in[0], y);
            case Op.LogSoftmax s -> NormLoops.softmax(true, s.axis(), in[0], y);
            case Op.CrossEntropy c -> ClassLoops.crossEntropy(c, in, y, out[1]);
            case Op.CrossEntropyGradient c -> ClassLoops.gradient(c.of(), in, y);
            case Op.Standardize s -> NormLoops.standardize(s.axes(), s.epsilon(), in[0], y, out[1]);
            case Op.Attention a -> AttentionLoops.attend(a, in, y);
            case Op.Fft f -> Fourier.transform(f.inverse(), in[0], y);
            case Op.Cholesky c -> Matrices.cholesky(in[0], y);
            case Op.TriangularSolve t -> Matrices.triangularSolve(t, in[0], in[1], y);
            case Op.Solve s -> Matrices.solve(in[0], in[1], y);
            case Op.Qr q -> Matrices.qr(in[0], y, out[1]);
            case Op.Svd s -> Matrices.svd(in[0], y, out[1], out[2]);
            case Op.Eigh e -> Matrices.eigh(in[0], y, out[1]);
            case Op.SlogDet d -> Matrices.slogDet(in[0], y, out[1]);
            case Op.Random r -> RandomLoops.fill(r.distribution(), in[0], y);
            // A reshape that strides cannot express.
            case Op.Reshape r -> Copy.copy(in[0], y.reshaped(in[0].shape()));
            case Op.Permute p -> throw views(op);
            case Op.Expand e -> throw views(op);
            case Op.Slice s -> throw views(op);
            case Op.Flip f -> throw views(op);
            case Op.Unfold u -> throw views(op);
            case Op.Custom c -> throw views(op);
        }
    }

    private static IllegalStateException views(Op op) {
        return new IllegalStateException(op + " computes nothing");
    }

    private static void pad(Op.Pad p, View x, View y) {
        View value = Tensor.full(y.shape(), p.value(), y.dtype()).view();
        Copy.copy(value, y);
        long offset = 0;
        long[] strides = new long[x.shape().rank()];
        for (int i = 0; i < strides.length; i++) {
            offset += p.low().get(i) * y.stride(i);
            strides[i] = y.stride(i) * (p.interior().get(i) + 1);
        }
        Copy.copy(x, y.at(offset, x.shape(), strides));
    }

    private static void concat(int axis, View[] in, View y) {
        long at = 0;
        for (View x : in) {
            int length = x.shape().dim(axis);
            Copy.copy(x, y.narrow(axis, at, length));
            at += length;
        }
    }
}
