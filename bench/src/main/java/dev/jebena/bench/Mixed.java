package dev.jebena.bench;

import dev.jebena.tensor.DType;
import dev.jebena.tensor.Tensor;

/// Linear layers in float32, or with products in bfloat16 between float32 numbers, as automatic
/// mixed precision does them.
final class Mixed {
    private Mixed() {}

    static Tensor linear(Tensor x, Tensor weight, boolean brain) {
        if (!brain) {
            return x.linear(weight);
        }
        Tensor y = x.to(DType.BFLOAT16).linear(weight.to(DType.BFLOAT16));
        return y.to(DType.FLOAT32);
    }

    /// The same in TorchScript, with `bias` or `None`.
    static String torch(String x, String weight, String bias, boolean brain) {
        if (!brain) {
            return "torch.linear(%s, %s, %s)".formatted(x, weight, bias);
        }
        String product =
                "torch.to(torch.linear(torch.to(%s, 15), torch.to(%s, 15), None), 6)"
                        .formatted(x, weight);
        return bias.equals("None") ? product : "torch.add(%s, %s)".formatted(product, bias);
    }
}
