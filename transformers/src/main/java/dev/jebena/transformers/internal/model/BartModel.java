package dev.jebena.transformers.internal.model;

import dev.jebena.tensor.Tensor;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// BART's network (Lewis et al. 2019), and that of MarianMT, mBART and Pegasus: places that are
/// learned or waves, norms before or behind the bodies.
final class BartModel implements SequenceModel {
    private final Side encoder;
    private final Side decoder;
    private final Linear output;
    private final UnaryOperator<Tensor> activation;
    private final boolean normFirst;

    /// The encoder's or the decoder's tables and layers.
    ///
    /// @param factor of the embeddings
    /// @param positions null for waves
    /// @param offset of the first place in the table of positions
    /// @param embeddedNorm of the embeddings, or null
    /// @param finalNorm of the last states, or null
    record Side(
            Tensor words,
            double factor,
            @Nullable Tensor positions,
            int offset,
            @Nullable Norm embeddedNorm,
            List<Layer> layers,
            @Nullable Norm finalNorm,
            int longest) {
        /// @param begin place of the first row
        /// @param step how much further the next row is: 0 where all rows are at one place
        Tensor embedded(int[] ids, int begin, int step) {
            Tensor x = words.index(Tensor.of(ids)).mul(factor);
            int[] places = new int[ids.length];
            for (int i = 0; i < places.length; i++) {
                places[i] = begin + i * step + (positions == null ? 0 : offset);
            }
            Tensor at =
                    positions == null
                            ? waves(places, words.dim(1))
                            : positions.index(Tensor.of(places));
            Tensor sum = x.add(at);
            return embeddedNorm == null ? sum : embeddedNorm.apply(sum);
        }

        /// Sines in the first half of a row, cosines in the second.
        private static Tensor waves(int[] places, int width) {
            int half = width / 2;
            float[] all = new float[places.length * width];
            for (int row = 0; row < places.length; row++) {
                for (int i = 0; i < half; i++) {
                    double angle = places[row] / Math.pow(10_000, 2.0 * i / width);
                    all[row * width + i] = (float) Math.sin(angle);
                    all[row * width + half + i] = (float) Math.cos(angle);
                }
            }
            return Tensor.of(all, places.length, width);
        }

        Tensor last(Tensor x) {
            return finalNorm == null ? x : finalNorm.apply(x);
        }
    }

    /// @param cross what a decoder sees of the text that was read; null in encoders
    record Layer(
            CrossAttention self,
            Norm selfNorm,
            @Nullable CrossAttention cross,
            @Nullable Norm crossNorm,
            Linear up,
            Linear down,
            Norm norm) {}

    BartModel(
            Side encoder,
            Side decoder,
            Linear output,
            UnaryOperator<Tensor> activation,
            boolean normFirst) {
        this.encoder = encoder;
        this.decoder = decoder;
        this.output = output;
        this.activation = activation;
        this.normFirst = normFirst;
    }

    @Override
    public Tensor read(int[] ids) {
        EncoderModel.check(ids, encoder.longest, encoder.words.dim(0));
        Tensor x = encoder.embedded(ids, 0, 1);
        for (Layer layer : encoder.layers) {
            x = added(x, layer.selfNorm, y -> layer.self.among(y, null, false));
            x = inner(layer, x);
        }
        return encoder.last(x);
    }

    /// The decoder's last states for a whole answer, `[n, width]`.
    Tensor written(Tensor read, int[] ids) {
        Tensor x = decoder.embedded(ids, 0, 1);
        for (Layer layer : decoder.layers) {
            x = added(x, layer.selfNorm, y -> layer.self.among(y, null, true));
            CrossAttention cross = layer.cross;
            if (cross != null && layer.crossNorm != null) {
                x = added(x, layer.crossNorm, y -> cross.over(y, read));
            }
            x = inner(layer, x);
        }
        return decoder.last(x);
    }

    @Override
    public DecoderState begin(Tensor read, int answers) {
        return DecoderState.of(
                decoder.layers.stream().map(Layer::cross).filter(Objects::nonNull).toList(), read);
    }

    @Override
    public Tensor next(DecoderState state, int[] tokens) {
        Tensor x = decoder.embedded(tokens, state.length(), 0);
        for (int i = 0; i < decoder.layers.size(); i++) {
            Layer layer = decoder.layers.get(i);
            int number = i;
            x = added(x, layer.selfNorm, y -> layer.self.step(y, state, number, null));
            CrossAttention cross = layer.cross;
            if (cross != null && layer.crossNorm != null) {
                x = added(x, layer.crossNorm, y -> cross.crossStep(y, state, number));
            }
            x = inner(layer, x);
        }
        state.grow();
        return output.apply(decoder.last(x));
    }

    private Tensor inner(Layer layer, Tensor x) {
        return added(x, layer.norm, y -> layer.down.apply(activation.apply(layer.up.apply(y))));
    }

    private Tensor added(Tensor x, Norm norm, UnaryOperator<Tensor> body) {
        return normFirst ? x.add(body.apply(norm.apply(x))) : norm.apply(x.add(body.apply(x)));
    }

    @Override
    public int vocabulary() {
        return output.weight().dim(0);
    }

    @Override
    public int longest() {
        return decoder.longest;
    }

    int longestText() {
        return encoder.longest;
    }
}
