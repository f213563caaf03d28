package dev.jebena.transformers;

import dev.jebena.tensor.Tensor;
import dev.jebena.tokenizers.Encoding;
import dev.jebena.tokenizers.Truncation;
import dev.jebena.transformers.internal.model.EncoderModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The last hidden states of texts, a row for each token.
public final class FeatureExtraction implements Pipeline {
    private final TextReader reader;
    private final EncoderModel model;

    FeatureExtraction(TextReader reader, EncoderModel model) {
        this.reader = reader;
        this.model = model;
    }

    @Override
    public Task<FeatureExtraction> task() {
        return Task.FEATURE_EXTRACTION;
    }

    /// The states of a text's tokens, special ones included, `[n, width]`.
    public Tensor features(String text) {
        return features(text, false);
    }

    /// @param truncate whether too long a text is cut instead of refused
    public Tensor features(String text, boolean truncate) {
        Truncation truncation = truncate ? Truncation.to(reader.limit(model.longest())) : null;
        Encoding encoding = reader.encode(text, null, truncation);
        return model.states(encoding.ids(), encoding.typeIds());
    }

    @Override
    public Object run(@Nullable Object inputs, Map<String, ? extends @Nullable Object> parameters) {
        Parameters given = new Parameters(task(), parameters, Set.of("truncation"));
        boolean truncate = given.truncates(false);
        // One batch of one text.
        return Inputs.each(task(), inputs, text -> List.of(rows(features(text, truncate))));
    }

    private static List<List<Double>> rows(Tensor states) {
        float[] all = states.toFloats();
        int width = states.dim(1);
        List<List<Double>> rows = new ArrayList<>();
        for (int i = 0; i < states.dim(0); i++) {
            List<Double> row = new ArrayList<>(width);
            for (int k = 0; k < width; k++) {
                row.add((double) all[i * width + k]);
            }
            rows.add(row);
        }
        return rows;
    }
}
