package dev.jebena.transformers;

import dev.jebena.tensor.Tensor;
import dev.jebena.tokenizers.Encoding;
import dev.jebena.tokenizers.Truncation;
import dev.jebena.transformers.internal.model.TextModel;
import org.jspecify.annotations.Nullable;

/// A tokenizer and a model that answers for what was read.
record TextScorer(TextReader reader, TextModel model) {
    /// @param truncates whether too long a text is cut instead of refused
    Encoding encode(
            String text, @Nullable String pair, boolean truncates, Truncation.Strategy strategy) {
        Truncation truncation =
                truncates
                        ? Truncation.to(reader.limit(model.longest())).withStrategy(strategy)
                        : null;
        return reader.encode(text, pair, truncation);
    }

    Tensor logits(Encoding encoding) {
        return model.logits(encoding.ids(), encoding.typeIds());
    }

    /// The one row of a classifier of texts.
    float[] row(Encoding encoding) {
        return logits(encoding).toFloats();
    }

    /// A row for each token.
    float[][] rows(Encoding encoding) {
        Tensor logits = logits(encoding);
        float[][] rows = new float[logits.dim(0)][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = logits.select(0, i).toFloats();
        }
        return rows;
    }
}
