package dev.jebena.transformers.internal.model;

import dev.jebena.tensor.Tensor;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// DeBERTa's network (He et al. 2020): tokens meet the embeddings of their distances in attention,
/// content to position and position to content.
final class DebertaEncoder implements Encoder {
    private final Embeddings embeddings;
    private final List<Layer> layers;
    private final Distances distances;
    private final int heads;
    private final UnaryOperator<Tensor> activation;
    private final @Nullable Convolution convolution;

    /// @param attention its names for queries, keys and values are those of the layer
    /// @param positionKey of distances, for content to position; null where it is not used
    /// @param positionQuery of distances, for position to content; null where it is not used
    record Layer(
            PostNormEncoder.Layer attention,
            @Nullable Linear positionKey,
            @Nullable Linear positionQuery) {
        /// How many products a score is the sum of.
        int terms() {
            return 1 + (positionKey == null ? 0 : 1) + (positionQuery == null ? 0 : 1);
        }
    }

    /// Embeddings of distances, from far behind to far ahead.
    ///
    /// @param table `[2 * span, width]`
    /// @param buckets distances beyond half of so many share embeddings by the logarithm; 0 for
    ///   none
    /// @param farthest the largest distance that is told apart
    record Distances(Tensor table, int buckets, int farthest) {
        int span() {
            return table.dim(0) / 2;
        }

        /// Row by row, from query to key.
        int[] between(int length) {
            int[] all = new int[length * length];
            for (int i = 0; i < length; i++) {
                for (int k = 0; k < length; k++) {
                    all[i * length + k] = buckets > 0 ? bucket(i - k) : i - k;
                }
            }
            return all;
        }

        private int bucket(int distance) {
            int middle = buckets / 2;
            int far = Math.abs(distance);
            if (far <= middle) {
                return distance;
            }
            // In float32, as the original: the borders depend on it.
            float log = (float) Math.log((float) far / middle);
            float whole = (float) Math.log((float) (farthest - 1) / middle);
            float bucket = (float) Math.ceil(log / whole * (middle - 1)) + middle;
            return (int) (bucket * Integer.signum(distance));
        }
    }

    /// A convolution over the embeddings, added to the first layer's states.
    ///
    /// @param weight `[width, width, kernel]`
    record Convolution(Tensor weight, Tensor bias, Norm norm, UnaryOperator<Tensor> activation) {
        Tensor apply(Tensor embedded, Tensor states) {
            int kernel = weight.dim(2);
            int before = (kernel - 1) / 2;
            Tensor padded = embedded.pad(0, 0, 0, before, kernel - 1 - before);
            Tensor sum = bias;
            for (int i = 0; i < kernel; i++) {
                Tensor shifted = padded.narrow(0, i, embedded.dim(0));
                sum = shifted.linear(weight.select(2, i).contiguous()).add(sum);
            }
            return norm.apply(states.add(activation.apply(sum)));
        }
    }

    DebertaEncoder(
            Embeddings embeddings,
            List<Layer> layers,
            Distances distances,
            int heads,
            UnaryOperator<Tensor> activation,
            @Nullable Convolution convolution) {
        this.embeddings = embeddings;
        this.layers = List.copyOf(layers);
        this.distances = distances;
        this.heads = heads;
        this.activation = activation;
        this.convolution = convolution;
    }

    @Override
    public Tensor states(int[] ids, int[] types) {
        Tensor embedded = embeddings.apply(ids, types);
        int[] between = distances.between(ids.length);
        Tensor x = embedded;
        for (int i = 0; i < layers.size(); i++) {
            x = step(layers.get(i), x, between);
            if (i == 0 && convolution != null) {
                x = convolution.apply(embedded, x);
            }
        }
        return x;
    }

    private Tensor step(Layer layer, Tensor x, int[] between) {
        PostNormEncoder.Layer parts = layer.attention;
        Tensor queries = Heads.split(parts.query().apply(x), heads);
        Tensor keys = Heads.split(parts.key().apply(x), heads);
        double scale = 1 / Math.sqrt((double) queries.dim(2) * layer.terms());
        Tensor bias = bias(layer, queries, keys, between, scale);
        Tensor values = Heads.split(parts.value().apply(x), heads);
        Tensor seen = queries.attention(keys, values, bias, false, scale);
        Tensor y = parts.attentionNorm().apply(x.add(parts.output().apply(Heads.join(seen))));
        Tensor inner = activation.apply(parts.up().apply(y));
        return parts.outputNorm().apply(y.add(parts.down().apply(inner)));
    }

    private @Nullable Tensor bias(
            Layer layer, Tensor queries, Tensor keys, int[] between, double scale) {
        Tensor sum = null;
        if (layer.positionKey != null) {
            Tensor positions = Heads.split(layer.positionKey.apply(distances.table), heads);
            sum = chosen(queries, positions, between, 1);
        }
        if (layer.positionQuery != null) {
            Tensor positions = Heads.split(layer.positionQuery.apply(distances.table), heads);
            Tensor other = chosen(keys, positions, between, -1).transpose(1, 2);
            sum = sum == null ? other : sum.add(other);
        }
        return sum == null ? null : sum.mul(scale);
    }

    /// The products of rows with the embeddings of their distances, `[heads, n, n]`.
    private Tensor chosen(Tensor rows, Tensor positions, int[] between, int sign) {
        int span = distances.span();
        int length = rows.dim(1);
        long[] index = new long[between.length];
        for (int i = 0; i < index.length; i++) {
            index[i] = Math.clamp(sign * (long) between[i] + span, 0, 2 * span - 1);
        }
        Tensor products = rows.matmul(positions.transpose(1, 2));
        return products.gather(
                2, Tensor.of(index, 1, length, length).expand(heads, length, length));
    }

    @Override
    public int width() {
        return layers.getFirst().attention().query().weight().dim(0);
    }

    @Override
    public int longest() {
        return embeddings.longest();
    }

    @Override
    public Tensor words() {
        return embeddings.words();
    }
}
