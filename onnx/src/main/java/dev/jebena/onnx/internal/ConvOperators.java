package dev.jebena.onnx.internal;

import dev.jebena.tensor.ConvOptions;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Convolutions, transposed ones, and images of columns.
final class ConvOperators {
    private ConvOperators() {}

    static void addTo(Operators all) {
        all.like("Conv", ConvOperators::conv);
        all.like("ConvTranspose", ConvOperators::transposed);
        all.like("Col2Im", ConvOperators::image);
    }

    private static Tensor conv(Call call) {
        return bias(conv(call, call.tensor(0), call.tensor(1)), call.optional(2));
    }

    /// `[n, c, ...]` with `[o, c / groups, ...]`.
    static Tensor conv(Call call, Tensor x, Tensor weight) {
        return conv(call, x, weight, ConvOptions.defaults());
    }

    /// @param base what the node's attributes are added to
    static Tensor conv(Call call, Tensor x, Tensor weight, ConvOptions base) {
        return x.conv(weight, options(call, x, weight, base));
    }

    /// Of 8-bit integers with an int8 weight.
    ///
    /// @param zero what stands for 0 in x
    static Tensor integers(Call call, Tensor x, Tensor weight, Tensor zero) {
        return x.convInteger(weight, zero, options(call, x, weight, ConvOptions.defaults()));
    }

    private static ConvOptions options(Call call, Tensor x, Tensor weight, ConvOptions base) {
        int groups = call.number("group", 1);
        if (weight.rank() != x.rank()
                || x.rank() < 3
                || groups < 1
                || weight.dim(1) * groups != x.dim(1)
                || weight.dim(0) % groups != 0) {
            throw call.problem(
                    "x %s and weight %s in %d groups: [n, c, ...] and [o, c / groups, ...] are"
                            + " needed",
                    x.shape(), weight.shape(), groups);
        }
        Windows windows = Windows.of(call, Windows.spatial(x), Windows.spatial(weight));
        return base.stride(windows.stride())
                .padding(windows.pairs())
                .dilation(windows.dilation())
                .groups(groups);
    }

    static Tensor bias(Tensor y, @Nullable Tensor bias) {
        if (bias == null) {
            return y;
        }
        int[] dims = Windows.filled(y.rank(), 1);
        dims[1] = bias.dim(0);
        return y.add(bias.reshape(Shape.of(dims)).to(y.dtype()));
    }

    private static Tensor transposed(Call call) {
        Tensor x = call.tensor(0);
        Tensor weight = call.tensor(1);
        int n = x.rank() - 2;
        if (n < 1 || weight.rank() != x.rank() || weight.dim(0) != x.dim(1)) {
            throw call.problem(
                    "x %s and weight %s: [n, c, ...] and [c, o / groups, ...] are needed",
                    x.shape(), weight.shape());
        }
        int[] stride = call.numbers("strides", Windows.filled(n, 1));
        int[] dilation = call.numbers("dilations", Windows.filled(n, 1));
        int[] extra = call.numbers("output_padding", new int[n]);
        int[] pads = call.numbers("pads", new int[2 * n]);
        int[] wanted = call.numbers("output_shape");
        String auto = call.text("auto_pad", "NOTSET");
        int[] pairs = new int[2 * n];
        for (int i = 0; i < n; i++) {
            int reach = dilation[i] * (weight.dim(2 + i) - 1) + 1;
            int full = stride[i] * (x.dim(2 + i) - 1) + extra[i] + reach;
            if (wanted.length == 0 && !auto.startsWith("SAME")) {
                pairs[2 * i] = auto.equals("VALID") ? 0 : pads[i];
                pairs[2 * i + 1] = auto.equals("VALID") ? 0 : pads[n + i];
                continue;
            }
            int length =
                    wanted.length > 0 ? wanted[wanted.length - n + i] : x.dim(2 + i) * stride[i];
            int total = full - length;
            int less = Math.max(0, total) / 2;
            boolean lessFirst = total < 0 || auto.equals("SAME_UPPER");
            pairs[2 * i] = lessFirst ? less : total - less;
            pairs[2 * i + 1] = lessFirst ? total - less : less;
        }
        ConvOptions options =
                ConvOptions.defaults()
                        .stride(stride)
                        .dilation(dilation)
                        .groups(call.number("group", 1));
        if (isTiling(weight, stride, dilation, extra) && options.groups() == 1) {
            return bias(cut(tiled(x, weight), pairs), call.optional(2));
        }
        // Without padding first: what it cuts off, or adds if negative, is left to pad().
        Tensor y = x.convTranspose(weight, options.outputPadding(extra));
        return bias(cut(y, pairs), call.optional(2));
    }

    /// Without what padding cuts off each end of the spatial axes, or with zeros if it is negative.
    private static Tensor cut(Tensor y, int... pairs) {
        int n = pairs.length / 2;
        int[] cut = new int[2 * n];
        for (int i = 0; i < n; i++) {
            cut[2 * (n - 1 - i)] = -pairs[2 * i];
            cut[2 * (n - 1 - i) + 1] = -pairs[2 * i + 1];
        }
        return Arrays.stream(cut).allMatch(c -> c == 0) ? y : y.pad(0, cut);
    }

    /// Whether windows of a transposed convolution lie side by side.
    private static boolean isTiling(Tensor weight, int[] stride, int[] dilation, int[] extra) {
        for (int i = 0; i < stride.length; i++) {
            if (stride[i] != weight.dim(2 + i) || dilation[i] != 1 || extra[i] != 0) {
                return false;
            }
        }
        return weight.dim(1) > 0;
    }

    /// A transposed convolution whose windows lie side by side, as a product, whose results are put
    /// in their places afterwards.
    private static Tensor tiled(Tensor x, Tensor weight) {
        int n = x.rank() - 2;
        int outputs = weight.dim(1);
        int[] split = new int[2 + 2 * n];
        int[] order = new int[2 + 2 * n];
        int[] joined = new int[2 + n];
        split[0] = x.dim(0);
        split[1] = outputs;
        order[1] = 1;
        joined[0] = x.dim(0);
        joined[1] = outputs;
        for (int i = 0; i < n; i++) {
            split[2 + i] = weight.dim(2 + i);
            split[2 + n + i] = x.dim(2 + i);
            order[2 + 2 * i] = 2 + n + i;
            order[3 + 2 * i] = 2 + i;
            joined[2 + i] = x.dim(2 + i) * weight.dim(2 + i);
        }
        Tensor rows = weight.flatten(1, -1).t();
        Tensor columns = x.flatten(2, -1);
        return rows.matmul(columns).reshape(split).permute(order).reshape(joined);
    }

    /// Adds up columns `[n, c * block, windows]` where their windows lie.
    private static Tensor image(Call call) {
        Tensor x = call.tensor(0);
        int[] lengths = call.ints(1);
        int[] block = call.ints(2);
        int n = lengths.length;
        Windows windows = Windows.of(call, lengths, block);
        int size = Loops.product(block);
        if (x.rank() != 3
                || x.dim(1) % Math.max(1, size) != 0
                || x.dim(2) != Loops.product(windows.counts())) {
            throw call.problem(
                    "columns %s for blocks %s at %s places",
                    x.shape(), Arrays.toString(block), Arrays.toString(windows.counts()));
        }
        int channels = x.dim(0) * (x.dim(1) / size);
        Shape image = Shape.of(lengths);
        int area = Math.toIntExact(image.size());
        double[] columns = x.toDoubles();
        double[] sum = new double[channels * area];
        Shape inner = Shape.of(block);
        Shape outer = Shape.of(windows.counts());
        int[] strides = Loops.strides(image);
        int at = 0;
        for (int c = 0; c < channels; c++) {
            int[] k = new int[n];
            for (int i = 0; i < size; i++) {
                int[] w = new int[n];
                for (long j = 0; j < outer.size(); j++) {
                    int place = place(windows, image, strides, k, w);
                    if (place >= 0) {
                        sum[c * area + place] += columns[at];
                    }
                    at++;
                    Loops.next(w, outer);
                }
                Loops.next(k, inner);
            }
        }
        Shape result = Shape.of(x.dim(0), x.dim(1) / size).concat(image);
        return Loops.of(sum, result, x.dtype());
    }

    /// Where element `k` of window `w` lies, or -1 in the padding.
    private static int place(Windows windows, Shape image, int[] strides, int[] k, int[] w) {
        int place = 0;
        for (int i = 0; i < k.length; i++) {
            int at = w[i] * windows.stride()[i] - windows.low()[i] + k[i] * windows.dilation()[i];
            if (at < 0 || at >= image.dim(i)) {
                return -1;
            }
            place += at * strides[i];
        }
        return place;
    }
}
