package dev.jebena.formats;

import org.jspecify.annotations.Nullable;

/// How to quantize a model. Each method returns a changed copy.
///
/// @param mix what to write
/// @param pure give every matrix the mix's main type
/// @param requantize accept weights that are quantized already, which loses quality twice
/// @param threads that compute; 0 for one for each core
/// @param importance what errors are weighed with; null to judge by the weights alone
public record QuantizationOptions(
        Mix mix,
        boolean pure,
        boolean requantize,
        int threads,
        @Nullable ImportanceMatrix importance) {
    public static QuantizationOptions of(Mix mix) {
        return new QuantizationOptions(mix, false, false, 0, null);
    }

    public QuantizationOptions pure(boolean pure) {
        return new QuantizationOptions(mix, pure, requantize, threads, importance);
    }

    public QuantizationOptions requantize(boolean requantize) {
        return new QuantizationOptions(mix, pure, requantize, threads, importance);
    }

    public QuantizationOptions threads(int threads) {
        return new QuantizationOptions(mix, pure, requantize, threads, importance);
    }

    public QuantizationOptions importance(@Nullable ImportanceMatrix importance) {
        return new QuantizationOptions(mix, pure, requantize, threads, importance);
    }
}
