package dev.jebena.transformers.internal.model;

import dev.jebena.tensor.Tensor;
import dev.jebena.tensor.Tensors;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a decoder remembers of the answers that it is writing: keys and values of each layer.
public final class DecoderState {
    private final Tensor[] crossKeys;
    private final Tensor[] crossValues;
    private final @Nullable Tensor[] keys;
    private final @Nullable Tensor[] values;
    private int length;

    /// Nothing written yet.
    ///
    /// @param layers what each layer of the decoder sees of the text that was read
    /// @param read the states of this text
    static DecoderState of(List<CrossAttention> layers, Tensor read) {
        Tensor[] keys = new Tensor[layers.size()];
        Tensor[] values = new Tensor[keys.length];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = layers.get(i).all(layers.get(i).key(), read);
            values[i] = layers.get(i).all(layers.get(i).value(), read);
        }
        return new DecoderState(keys, values);
    }

    /// @param crossKeys of the text that was read, `[1, heads, n, d]` for each layer
    private DecoderState(Tensor[] crossKeys, Tensor[] crossValues) {
        this.crossKeys = crossKeys;
        this.crossValues = crossValues;
        this.keys = new Tensor[crossKeys.length];
        this.values = new Tensor[crossKeys.length];
    }

    /// Tokens written so far.
    int length() {
        return length;
    }

    void grow() {
        length++;
    }

    Tensor crossKeys(int layer) {
        return crossKeys[layer];
    }

    Tensor crossValues(int layer) {
        return crossValues[layer];
    }

    /// Adds one token's keys, and tells those of all tokens, `[answers, heads, length, d]`.
    Tensor keys(int layer, Tensor added) {
        Tensor all = extended(keys[layer], added);
        keys[layer] = all;
        return all;
    }

    Tensor values(int layer, Tensor added) {
        Tensor all = extended(values[layer], added);
        values[layer] = all;
        return all;
    }

    private static Tensor extended(@Nullable Tensor before, Tensor added) {
        return before == null ? added : Tensors.concat(2, before, added);
    }

    /// Goes on with the answers of these numbers, which may repeat.
    public void choose(int[] answers) {
        Tensor index = Tensor.of(answers);
        for (int i = 0; i < keys.length; i++) {
            Tensor key = keys[i];
            Tensor value = values[i];
            if (key != null && value != null) {
                keys[i] = key.index(index);
                values[i] = value.index(index);
            }
        }
    }
}
