package dev.jebena.onnx.internal;

import dev.jebena.tensor.DType;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import dev.jebena.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;

/// Matrix products.
final class ProductOperators {
    private ProductOperators() {}

    static void addTo(Operators all) {
        all.like("MatMul", call -> multiply(call.tensor(0), call.tensor(1)));
        all.like("Gemm", ProductOperators::gemm);
        all.like("Einsum", ProductOperators::einsum);
        all.like("Det", ProductOperators::determinant);
        all.like(Operators.MICROSOFT + "FusedMatMul", ProductOperators::fused);
        all.like(Operators.MICROSOFT + "TransposeMatMul", ProductOperators::fused);
        all.like(Operators.MICROSOFT + "FusedGemm", ProductOperators::fusedGemm);
    }

    /// The product in the operands' type; integers of up to 32 bits are exact modulo 2^32.
    static Tensor multiply(Tensor a, Tensor b) {
        return a.matmul(b);
    }

    private static Tensor gemm(Call call) {
        Tensor a = call.flag("transA") ? call.tensor(0).t() : call.tensor(0);
        Tensor b = call.flag("transB") ? call.tensor(1).t() : call.tensor(1);
        double alpha = call.real("alpha", 1);
        Tensor product = multiply(a, b);
        boolean floats = product.dtype().isFloat();
        if (alpha != 1) {
            product = scaled(product, alpha, floats);
        }
        if (!call.has(2)) {
            return product;
        }
        double beta = call.real("beta", 1);
        Tensor c = call.tensor(2);
        return product.add(beta == 1 ? c : scaled(c, beta, floats));
    }

    private static Tensor scaled(Tensor x, double factor, boolean floats) {
        return floats ? x.mul(factor) : x.to(DType.FLOAT64).mul(factor).to(x.dtype());
    }

    private static Tensor fusedGemm(Call call) {
        Tensor y = gemm(call);
        return switch (call.text("activation", "")) {
            case "" -> y;
            case "Relu" -> y.relu();
            case "Tanh" -> y.tanh();
            case "Sigmoid" -> y.sigmoid();
            case "LeakyRelu" -> y.leakyRelu(call.real("activation_alpha", 0.01));
            default -> throw call.unsupported("activation %s", call.text("activation", ""));
        };
    }

    private static Tensor fused(Call call) {
        Tensor a = batched(call.tensor(0), call.flag("transBatchA"), call.flag("transA"));
        Tensor b = batched(call.tensor(1), call.flag("transBatchB"), call.flag("transB"));
        double alpha = call.real("alpha", 1);
        Tensor product = multiply(a, b);
        return alpha == 1 ? product : product.mul(alpha);
    }

    /// With the first axis behind the other axes of the batch, and the last two exchanged.
    private static Tensor batched(Tensor x, boolean moveFirst, boolean transposed) {
        Tensor moved = moveFirst && x.rank() > 2 ? x.moveAxis(0, x.rank() - 2) : x;
        return transposed && x.rank() > 1 ? moved.t() : moved;
    }

    private static Tensor einsum(Call call) {
        List<Tensor> operands = new ArrayList<>();
        for (int i = 0; i < call.inputs().size(); i++) {
            operands.add(call.tensor(i));
        }
        return Tensors.einsum(call.text("equation", ""), operands.toArray(Tensor[]::new));
    }

    private static Tensor determinant(Call call) {
        Tensor x = call.tensor(0);
        Shape shape = x.shape();
        if (shape.rank() < 2 || shape.dim(-1) != shape.dim(-2)) {
            throw call.problem("%s are no square matrices", shape);
        }
        return x.to(call.working(0)).det();
    }
}
