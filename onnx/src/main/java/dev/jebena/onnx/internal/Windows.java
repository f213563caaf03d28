package dev.jebena.onnx.internal;

import dev.jebena.tensor.Tensor;
import java.util.Arrays;

/// How the windows of a convolution or of pooling lie on the last axes of a tensor.
///
/// @param size of a window on each axis
/// @param low elements of padding before each axis
/// @param high after it
/// @param counts windows along each axis
record Windows(int[] size, int[] stride, int[] dilation, int[] low, int[] high, int[] counts) {
    /// Reads the attributes of a node for the lengths of the input's axes.
    static Windows of(Call call, int[] lengths, int[] size) {
        int n = lengths.length;
        int[] stride = call.numbers("strides", filled(n, 1));
        int[] dilation = call.numbers("dilations", filled(n, 1));
        int[] pads = call.numbers("pads", new int[2 * n]);
        String auto = call.text("auto_pad", "NOTSET");
        if (size.length != n
                || stride.length != n
                || dilation.length != n
                || pads.length != 2 * n) {
            throw call.problem(
                    "windows %s, strides %s, dilations %s, pads %s for %d axes",
                    Arrays.toString(size),
                    Arrays.toString(stride),
                    Arrays.toString(dilation),
                    Arrays.toString(pads),
                    n);
        }
        int[] low = new int[n];
        int[] high = new int[n];
        int[] counts = new int[n];
        boolean ceil = call.flag("ceil_mode");
        for (int i = 0; i < n; i++) {
            if (stride[i] < 1 || dilation[i] < 1 || size[i] < 1) {
                throw call.problem(
                        "windows of %d, %d apart, dilated by %d", size[i], stride[i], dilation[i]);
            }
            int reach = dilation[i] * (size[i] - 1) + 1;
            if (auto.startsWith("SAME")) {
                counts[i] = Math.ceilDiv(lengths[i], stride[i]);
                int all = Math.max(0, (counts[i] - 1) * stride[i] + reach - lengths[i]);
                low[i] = auto.equals("SAME_LOWER") ? all - all / 2 : all / 2;
                high[i] = all - low[i];
                continue;
            }
            low[i] = auto.equals("VALID") ? 0 : pads[i];
            high[i] = auto.equals("VALID") ? 0 : pads[n + i];
            int room = lengths[i] + low[i] + high[i] - reach;
            if (room < 0) {
                throw call.problem(
                        "a window of %d does not fit axis %d of %d with pads %d and %d",
                        reach, i, lengths[i], low[i], high[i]);
            }
            counts[i] = (ceil ? Math.ceilDiv(room, stride[i]) : room / stride[i]) + 1;
            // A window that would begin behind the elements is left out.
            if (ceil && (counts[i] - 1) * stride[i] >= lengths[i] + low[i]) {
                counts[i]--;
            }
        }
        return new Windows(size, stride, dilation, low, high, counts);
    }

    static int[] filled(int count, int value) {
        int[] all = new int[count];
        Arrays.fill(all, value);
        return all;
    }

    /// The axes behind the first two.
    static int[] spatial(Tensor x) {
        return Arrays.copyOfRange(x.shape().toArray(), Math.min(2, x.rank()), x.rank());
    }

    /// Padding as [dev.jebena.tensor.ConvOptions] has it.
    int[] pairs() {
        int[] pairs = new int[2 * low.length];
        for (int i = 0; i < low.length; i++) {
            pairs[2 * i] = low[i];
            pairs[2 * i + 1] = high[i];
        }
        return pairs;
    }
}
