package dev.jebena.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/// The expressions that are compared with libtorch.
final class OracleCases {
    private OracleCases() {}

    static int[] s(int... dims) {
        return dims;
    }

    private static OracleCase of(String name, String torch, Grad.Several ours, int[]... shapes) {
        return OracleCase.of(name, torch, ours, shapes);
    }

    private static void unary(
            List<OracleCase> cases,
            String name,
            Function<Tensor, Tensor> ours,
            UnaryOperator<Tensor> domain) {
        unary(cases, name, "torch." + name + "(a0)", ours, domain);
    }

    private static void unary(
            List<OracleCase> cases,
            String name,
            String torch,
            Function<Tensor, Tensor> ours,
            UnaryOperator<Tensor> domain) {
        for (int[] shape : new int[][] {s(), s(0), s(3, 5), s(2, 0, 3), s(2, 3, 4)}) {
            cases.add(of(name + Shape.of(shape), torch, in -> ours.apply(in[0]), shape).on(domain));
        }
    }

    static List<OracleCase> unary() {
        List<OracleCase> cases = new ArrayList<>();
        UnaryOperator<Tensor> any = x -> x;
        UnaryOperator<Tensor> positive = x -> x.abs().add(0.3);
        UnaryOperator<Tensor> unit = x -> x.tanh().mul(0.9);
        unary(cases, "neg", Tensor::neg, any);
        unary(cases, "abs", Tensor::abs, any);
        unary(cases, "sign", Tensor::sign, any);
        unary(cases, "square", Tensor::square, any);
        unary(cases, "reciprocal", Tensor::reciprocal, positive);
        unary(cases, "sqrt", Tensor::sqrt, positive);
        unary(cases, "rsqrt", Tensor::rsqrt, positive);
        unary(cases, "exp", Tensor::exp, any);
        unary(cases, "expm1", Tensor::expm1, any);
        unary(cases, "log", Tensor::log, positive);
        unary(cases, "log1p", Tensor::log1p, positive);
        unary(cases, "log2", Tensor::log2, positive);
        unary(cases, "sin", Tensor::sin, any);
        unary(cases, "cos", Tensor::cos, any);
        unary(cases, "tan", Tensor::tan, unit);
        unary(cases, "asin", Tensor::asin, unit);
        unary(cases, "acos", Tensor::acos, unit);
        unary(cases, "atan", Tensor::atan, any);
        unary(cases, "sinh", Tensor::sinh, any);
        unary(cases, "cosh", Tensor::cosh, any);
        unary(cases, "tanh", Tensor::tanh, any);
        unary(cases, "asinh", Tensor::asinh, any);
        unary(cases, "acosh", Tensor::acosh, x -> x.abs().add(1.2));
        unary(cases, "atanh", Tensor::atanh, unit);
        unary(cases, "erf", Tensor::erf, x -> x.mul(2));
        unary(cases, "erfc", Tensor::erfc, x -> x.mul(2));
        unary(cases, "erfinv", Tensor::erfinv, unit);
        unary(cases, "lgamma", Tensor::lgamma, positive);
        unary(cases, "sigmoid", Tensor::sigmoid, any);
        unary(cases, "relu", Tensor::relu, any);
        unary(cases, "floor", Tensor::floor, any);
        unary(cases, "ceil", Tensor::ceil, any);
        unary(cases, "round", Tensor::round, any);
        unary(cases, "trunc", Tensor::trunc, any);
        unary(cases, "softplus", "torch.softplus(a0)", Tensor::softplus, any);
        unary(cases, "silu", "torch.silu(a0)", Tensor::silu, any);
        unary(cases, "gelu", "torch.gelu(a0)", Tensor::gelu, any);
        unary(cases, "geluTanh", "torch.gelu(a0, approximate=\"tanh\")", Tensor::geluTanh, any);
        unary(cases, "clamp", "torch.clamp(a0, -0.5, 0.7)", x -> x.clamp(-0.5, 0.7), any);
        unary(cases, "leakyRelu", "torch.leaky_relu(a0, 0.1)", x -> x.leakyRelu(0.1), any);
        unary(cases, "elu", "torch.elu(a0)", x -> x.elu(1), any);
        unary(cases, "selu", "torch.selu(a0)", Tensor::selu, any);
        unary(cases, "mish", "torch.mish(a0)", Tensor::mish, any);
        unary(cases, "hardSwish", "torch.hardswish(a0)", Tensor::hardSwish, any);
        unary(cases, "logSigmoid", "torch.log_sigmoid(a0)", Tensor::logSigmoid, any);
        unary(cases, "pow3", "torch.pow(a0, 3)", x -> x.pow(3), any);
        unary(cases, "pow1.5", "torch.pow(a0, 1.5)", x -> x.pow(1.5), positive);
        unary(cases, "sum", "torch.sum(a0)", x -> x.sum(), any);
        unary(cases, "prod", "torch.prod(a0)", x -> x.prod(), any);
        unary(cases, "mean", "torch.mean(a0)", x -> x.mean(), any);
        return cases;
    }

    static List<OracleCase> binary() {
        List<OracleCase> cases = new ArrayList<>();
        UnaryOperator<Tensor> positive = x -> x.abs().add(0.3);
        int[][][] shapes = {
            {s(), s()}, {s(3, 4), s(4)}, {s(2, 1, 3), s(5, 1)}, {s(0, 3), s(1)}, {s(2, 3), s(2, 3)}
        };
        for (int[][] p : shapes) {
            String at = Shape.of(p[0]) + " " + Shape.of(p[1]);
            cases.add(of("add" + at, "torch.add(a0, a1)", in -> in[0].add(in[1]), p));
            cases.add(of("sub" + at, "torch.sub(a0, a1)", in -> in[0].sub(in[1]), p));
            cases.add(of("mul" + at, "torch.mul(a0, a1)", in -> in[0].mul(in[1]), p));
            cases.add(of("div" + at, "torch.div(a0, a1)", in -> in[0].div(in[1]), p).on(positive));
            cases.add(of("pow" + at, "torch.pow(a0, a1)", in -> in[0].pow(in[1]), p).on(positive));
            cases.add(of("max" + at, "torch.maximum(a0, a1)", in -> in[0].maximum(in[1]), p));
            cases.add(of("min" + at, "torch.minimum(a0, a1)", in -> in[0].minimum(in[1]), p));
            cases.add(of("atan2" + at, "torch.atan2(a0, a1)", in -> in[0].atan2(in[1]), p));
            cases.add(of("fmod" + at, "torch.fmod(a0, a1)", in -> in[0].fmod(in[1]), p));
            cases.add(
                    of(
                            "remainder" + at,
                            "torch.remainder(a0, a1)",
                            in -> in[0].remainder(in[1]),
                            p));
            cases.add(
                    of(
                            "where" + at,
                            "torch.where(torch.gt(a0, 0), a0, a1)",
                            in -> in[0].gt(0).where(in[0], in[1]),
                            p));
            cases.add(of("lerp" + at, "torch.lerp(a0, a1, 0.3)", in -> in[0].lerp(in[1], 0.3), p));
        }
        return cases;
    }

    static List<OracleCase> reductions() {
        List<OracleCase> cases = new ArrayList<>();
        for (int[] p : new int[][] {s(3, 4, 5), s(2, 1, 3), s(2, 3, 0)}) {
            String at = Shape.of(p).toString();
            cases.add(of("sum" + at, "torch.sum(a0, [0, 2])", in -> in[0].sum(0, 2), p));
            cases.add(
                    of("sumKeep" + at, "torch.sum(a0, [-1], True)", in -> in[0].sum(true, -1), p));
            cases.add(of("mean" + at, "torch.mean(a0, [1])", in -> in[0].mean(1), p));
            cases.add(of("prod" + at, "torch.prod(a0, 1)", in -> in[0].prod(1), p));
            cases.add(of("amax" + at, "torch.amax(a0, [1])", in -> in[0].max(1), p));
            cases.add(of("amin" + at, "torch.amin(a0, [0])", in -> in[0].min(0), p));
            cases.add(
                    of("logsumexp" + at, "torch.logsumexp(a0, [1])", in -> in[0].logSumExp(1), p));
            cases.add(of("cumsum" + at, "torch.cumsum(a0, 1)", in -> in[0].cumsum(1), p));
            cases.add(of("cumprod" + at, "torch.cumprod(a0, 1)", in -> in[0].cumprod(1), p));
            cases.add(
                    of(
                            "cummax" + at,
                            "(torch.cummax(a0, 1))[0]",
                            in -> in[0].cummax(1).values(),
                            p));
            cases.add(of("softmax" + at, "torch.softmax(a0, 1)", in -> in[0].softmax(1), p));
            cases.add(
                    of(
                            "logSoftmax" + at,
                            "torch.log_softmax(a0, 0)",
                            in -> in[0].logSoftmax(0),
                            p));
            cases.add(
                    of(
                            "sort" + at,
                            "(torch.sort(a0, 1, True))[0]",
                            in -> in[0].sort(1, true).values(),
                            p));
            cases.add(
                    of("argsort" + at, "torch.argsort(a0, 0)", in -> in[0].argsort(0, false), p)
                            .derivatives(0));
            cases.add(
                    of("any" + at, "torch.any(torch.gt(a0, 1), 1)", in -> in[0].gt(1).any(1), p)
                            .derivatives(0));
            cases.add(
                    of("all" + at, "torch.all(torch.gt(a0, -1), 1)", in -> in[0].gt(-1).all(1), p)
                            .derivatives(0));
        }
        int[] q = s(4, 3, 5);
        cases.add(of("var", "torch.var(a0, [1])", in -> in[0].var(1), q));
        cases.add(of("std", "torch.std(a0, [0, 1])", in -> in[0].std(0, 1), q));
        cases.add(
                of(
                        "varPopulation",
                        "torch.var(a0, [1], correction=0)",
                        in -> in[0].var(0, false, 1),
                        q));
        cases.add(of("norm", "torch.norm(a0, 2, [1])", in -> in[0].norm(1), q));
        cases.add(of("norm3", "torch.norm(a0, 3, [1])", in -> in[0].norm(3, false, 1), q));
        cases.add(of("topk", "(torch.topk(a0, 2, 2))[0]", in -> in[0].topk(2).values(), q));
        cases.add(of("argmax", "torch.argmax(a0, 1)", in -> in[0].argmax(1), q).derivatives(0));
        cases.add(of("argmin", "torch.argmin(a0, 0)", in -> in[0].argmin(0), q).derivatives(0));
        cases.add(of("median", "(torch.median(a0, 1))[0]", in -> in[0].median(1), q));
        cases.add(
                of("prodZeros", "torch.prod(a0, 1)", in -> in[0].prod(1), q)
                        .on(x -> x.gt(0.5).where(x, x.zerosLike())));
        cases.add(
                of("cumprodZeros", "torch.cumprod(a0, 1)", in -> in[0].cumprod(1), q)
                        .on(x -> x.gt(-0.5).where(x, x.zerosLike()))
                        .derivatives(1));
        return cases;
    }

    static List<OracleCase> views() {
        List<OracleCase> cases = new ArrayList<>();
        int[] p = s(4, 3, 6);
        cases.add(of("reshape", "torch.reshape(a0, [6, 12])", in -> in[0].reshape(6, 12), p));
        cases.add(
                of(
                        "reshapeUnknown",
                        "torch.reshape(a0, [2, -1, 3])",
                        in -> in[0].reshape(2, -1, 3),
                        p));
        cases.add(of("permute", "torch.permute(a0, [2, 0, 1])", in -> in[0].permute(2, 0, 1), p));
        cases.add(
                of(
                        "transposeReshape",
                        "torch.reshape(torch.transpose(a0, 0, 2), [18, 4])",
                        in -> in[0].transpose(0, 2).reshape(18, 4),
                        p));
        cases.add(of("slice", "torch.slice(a0, 2, 1, 6, 2)", in -> in[0].slice(2, 1, 6, 2), p));
        cases.add(of("select", "torch.select(a0, 1, -1)", in -> in[0].select(1, -1), p));
        cases.add(of("flip", "torch.flip(a0, [0, 2])", in -> in[0].flip(0, 2), p));
        cases.add(of("roll", "torch.roll(a0, [2], [2])", in -> in[0].roll(2, 2), p));
        cases.add(of("unfold", "torch.unfold(a0, 2, 3, 2)", in -> in[0].unfold(2, 3, 2), p));
        cases.add(of("unfoldOverlap", "torch.unfold(a0, 0, 2, 1)", in -> in[0].unfold(0, 2, 1), p));
        cases.add(
                of(
                        "expand",
                        "torch.expand(torch.unsqueeze(a0, 1), [4, 5, 3, 6])",
                        in -> in[0].unsqueeze(1).expand(4, 5, 3, 6),
                        p));
        cases.add(
                of(
                        "pad",
                        "torch.pad(a0, [1, 2, -1, 3], \"constant\", 0.5)",
                        in -> in[0].pad(0.5, 1, 2, -1, 3),
                        p));
        cases.add(of("tile", "torch.repeat(a0, [2, 1, 2, 3])", in -> in[0].tile(2, 1, 2, 3), p));
        cases.add(
                of(
                        "repeatInterleave",
                        "torch.repeat_interleave(a0, 3, 1)",
                        in -> in[0].repeatInterleave(1, 3),
                        p));
        cases.add(of("tril", "torch.tril(a0, 1)", in -> in[0].tril(1), p));
        cases.add(of("triu", "torch.triu(a0, -1)", in -> in[0].triu(-1), p));
        cases.add(of("diagonal", "torch.diagonal(a0, 0, -2, -1)", in -> in[0].diagonal(), p));
        cases.add(of("diagEmbed", "torch.diag_embed(a0)", in -> in[0].diagonalMatrix(), p));
        cases.add(
                of(
                        "concat",
                        "torch.cat([a0, a1, a0], 1)",
                        in -> Tensors.concat(1, in[0], in[1], in[0]),
                        s(2, 3),
                        s(2, 1)));
        cases.add(
                of(
                        "stack",
                        "torch.stack([a0, a1], 1)",
                        in -> Tensors.stack(1, in[0], in[1]),
                        s(2, 3),
                        s(2, 3)));
        Tensor list = Tensor.of(new long[] {2, 0, 2, 1});
        Tensor wide = Tensor.of(new long[] {1, 0, 2, 2, 1, 0}, 2, 3);
        cases.add(
                of(
                                "indexSelect",
                                "torch.index_select(a0, 1, x[1])",
                                in -> in[0].indexSelect(1, in[1]),
                                p)
                        .with(list));
        cases.add(
                of("gather", "torch.gather(a0, 0, x[1])", in -> in[0].gather(0, in[1]), s(3, 4))
                        .with(wide));
        cases.add(
                of(
                                "scatter",
                                "torch.scatter(a0, 1, x[2], a1)",
                                in -> in[0].scatter(1, in[2], in[1]),
                                s(2, 4),
                                s(2, 3))
                        .with(Tensor.of(new long[] {1, 0, 2, 2, 1, 3}, 2, 3)));
        cases.add(
                of(
                                "scatterAdd",
                                "torch.scatter_add(a0, 1, x[2], a1)",
                                in -> in[0].scatterAdd(1, in[2], in[1]),
                                s(2, 4),
                                s(2, 3))
                        .with(wide));
        cases.add(
                of(
                                "indexAdd",
                                "torch.index_add(a0, 1, x[2], a1)",
                                in -> in[0].indexAdd(1, in[2], in[1]),
                                s(2, 3, 2),
                                s(2, 4, 2))
                        .with(list));
        cases.add(
                of(
                                "index",
                                "torch.index(a0, [x[1], x[2]])",
                                in -> in[0].index(in[1], in[2]),
                                s(3, 3, 2))
                        .with(wide, wide));
        cases.add(
                of("embedding", "torch.embedding(a0, x[1])", in -> in[0].index(in[1]), s(5, 3))
                        .with(wide));
        cases.add(
                of(
                        "maskedSelect",
                        "torch.masked_select(a0, torch.gt(a0, 0))",
                        in -> in[0].maskedSelect(in[0].gt(0)),
                        s(4, 5)));
        cases.add(
                of(
                        "maskedFill",
                        "torch.masked_fill(a0, torch.gt(a0, 0), 2.)",
                        in -> in[0].maskedFill(in[0].gt(0), 2),
                        s(4, 5)));
        cases.add(
                of(
                                "nonzero",
                                "torch.nonzero(torch.gt(a0, 0))",
                                in -> in[0].gt(0).nonzero(),
                                s(4, 5))
                        .derivatives(0));
        return cases;
    }
}
