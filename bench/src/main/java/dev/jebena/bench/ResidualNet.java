package dev.jebena.bench;

import dev.jebena.tensor.ConvOptions;
import dev.jebena.tensor.Rng;
import dev.jebena.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// ResNet-18 for images of 32 x 32 pixels (He et al. 2016): a convolution, four stages of two
/// blocks, the mean over places, a linear layer; batch norm with the batch's own statistics.
final class ResidualNet {
    private static final int BATCH = 8;
    private static final int[] WIDTHS = {64, 128, 256, 512};

    private final Rng rng = Rng.seed(5);
    private final List<Tensor> weights = new ArrayList<>();
    private final StringBuilder script = new StringBuilder();
    private double operations;
    private int names;

    private ResidualNet() {}

    static TrainingCases.Model model() {
        ResidualNet net = new ResidualNet();
        net.write();
        List<Tensor> data =
                List.of(net.rng.normal(BATCH, 3, 32, 32), net.rng.randint(0, 10, BATCH));
        return new TrainingCases.Model(
                "train resnet-18 of 32 x 32 pixels, batch 8",
                net.weights,
                data,
                net.operations,
                (w, in) -> new Forward(w).loss(in.get(0), in.get(1)),
                net.script.toString());
    }

    private void write() {
        String x = normed("d0", 3, 64, 3, 1, 32, true);
        int channels = 64;
        int size = 32;
        for (int width : WIDTHS) {
            for (int block = 0; block < 2; block++) {
                int stride = block == 0 && width > 64 ? 2 : 1;
                size /= stride;
                String y = normed(x, channels, width, 3, stride, size, true);
                y = normed(y, width, width, 3, 1, size, false);
                String skip = stride == 1 ? x : normed(x, channels, width, 1, stride, size, false);
                x = name("torch.relu(torch.add(%s, %s))".formatted(y, skip));
                channels = width;
            }
        }
        x = name("torch.mean(%s, [2, 3])".formatted(x));
        String linear = weight(rng.normal(10, 512).mul(0.04));
        String bias = weight(Tensor.zeros(10));
        script.append(
                "loss = torch.cross_entropy_loss(torch.linear(%s, %s, %s), d1)\n"
                        .formatted(x, linear, bias));
    }

    private String name(String expression) {
        String name = "h" + names++;
        script.append(name).append(" = ").append(expression).append('\n');
        return name;
    }

    private String weight(Tensor weight) {
        weights.add(weight);
        return "w" + (weights.size() - 1);
    }

    /// A convolution with batch norm.
    ///
    /// @param size of the result
    private String normed(
            String x, int in, int out, int kernel, int stride, int size, boolean relu) {
        double scale = Math.sqrt(2.0 / in / kernel / kernel);
        String w = weight(rng.normal(out, in, kernel, kernel).mul(scale));
        String factor = weight(Tensor.ones(out));
        String shift = weight(Tensor.zeros(out));
        operations += 6.0 * BATCH * out * in * kernel * kernel * size * size;
        int pad = kernel / 2;
        String y =
                name(
                        "torch.conv2d(%s, %s, None, [%d, %d], [%d, %d], [1, 1], 1)"
                                .formatted(x, w, stride, stride, pad, pad));
        String normed =
                "torch.batch_norm(%s, %s, %s, None, None, True, 0.1, 1e-5, False)"
                        .formatted(y, factor, shift);
        return name(relu ? "torch.relu(" + normed + ")" : normed);
    }

    /// The same net of tensors; takes the weights in their order.
    private static final class Forward {
        private final List<Tensor> weights;
        private int next;

        Forward(List<Tensor> weights) {
            this.weights = weights;
        }

        Tensor loss(Tensor images, Tensor classes) {
            Tensor x = normed(images, 1).relu();
            for (int width : WIDTHS) {
                for (int block = 0; block < 2; block++) {
                    int stride = block == 0 && width > 64 ? 2 : 1;
                    Tensor y = normed(normed(x, stride).relu(), 1);
                    Tensor skip = stride == 1 ? x : normed(x, stride);
                    x = y.add(skip).relu();
                }
            }
            Tensor logits = x.mean(2, 3).linear(take(), take());
            return logits.crossEntropy(classes);
        }

        private Tensor take() {
            return weights.get(next++);
        }

        private Tensor normed(Tensor x, int stride) {
            Tensor weight = take();
            ConvOptions options = ConvOptions.defaults().stride(stride).padding(weight.dim(2) / 2);
            return x.conv(weight, options).batchNorm(take(), take(), 1e-5);
        }
    }
}
