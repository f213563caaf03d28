package dev.jebena.tokenizers.internal;

import dev.jebena.tokenizers.Tokenizer;
import java.util.BitSet;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// Ids with a meaning beyond text.
///
/// @param control tokens that are not part of the text
/// @param ends tokens that end an answer
record Specials(
        OptionalInt bos,
        OptionalInt eos,
        BitSet control,
        BitSet ends,
        Tokenizer.@Nullable FillInTheMiddle fillInTheMiddle) {}
