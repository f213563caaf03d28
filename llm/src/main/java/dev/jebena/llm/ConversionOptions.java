package dev.jebena.llm;

import dev.jebena.compute.DataType;
import dev.jebena.formats.Mix;
import org.jspecify.annotations.Nullable;

/// How to convert a model. Each method returns a changed copy.
///
/// @param mix for a GGUF file; null to keep the float type that each matrix has
/// @param numbers for a folder: F32, F16 or BF16; null for the one that most matrices have, or F16
///   for quantized ones
/// @param pre the pre-tokenizer's name in the GGUF file; null to find it
/// @param shardBytes of a folder's files with weights, at most
/// @param threads that compute; 0 for one for each core
public record ConversionOptions(
        @Nullable Mix mix,
        @Nullable DataType numbers,
        @Nullable String pre,
        long shardBytes,
        int threads) {
    public static ConversionOptions defaults() {
        return new ConversionOptions(null, null, null, 5_000_000_000L, 0);
    }

    public ConversionOptions mix(@Nullable Mix mix) {
        return new ConversionOptions(mix, numbers, pre, shardBytes, threads);
    }

    public ConversionOptions numbers(@Nullable DataType numbers) {
        return new ConversionOptions(mix, numbers, pre, shardBytes, threads);
    }

    public ConversionOptions pre(@Nullable String pre) {
        return new ConversionOptions(mix, numbers, pre, shardBytes, threads);
    }

    public ConversionOptions shardBytes(long shardBytes) {
        return new ConversionOptions(mix, numbers, pre, shardBytes, threads);
    }

    public ConversionOptions threads(int threads) {
        return new ConversionOptions(mix, numbers, pre, shardBytes, threads);
    }
}
