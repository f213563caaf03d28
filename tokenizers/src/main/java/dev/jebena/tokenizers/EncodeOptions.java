package dev.jebena.tokenizers;

import org.jspecify.annotations.Nullable;

/// How text becomes an [Encoding].
///
/// @param addSpecial adds what the vocabulary puts around a text: BOS, EOS, `[CLS]`, `[SEP]`
/// @param parseSpecial text that spells a special token becomes this token
/// @param truncation null to keep everything
/// @param padding null for none
public record EncodeOptions(
        boolean addSpecial,
        boolean parseSpecial,
        @Nullable Truncation truncation,
        @Nullable Padding padding) {
    /// Special tokens added and recognized, neither cut nor padded.
    public static EncodeOptions defaults() {
        return new EncodeOptions(true, true, null, null);
    }

    public EncodeOptions withAddSpecial(boolean add) {
        return new EncodeOptions(add, parseSpecial, truncation, padding);
    }

    public EncodeOptions withParseSpecial(boolean parse) {
        return new EncodeOptions(addSpecial, parse, truncation, padding);
    }

    public EncodeOptions withTruncation(@Nullable Truncation how) {
        return new EncodeOptions(addSpecial, parseSpecial, how, padding);
    }

    public EncodeOptions withPadding(@Nullable Padding how) {
        return new EncodeOptions(addSpecial, parseSpecial, truncation, how);
    }
}
