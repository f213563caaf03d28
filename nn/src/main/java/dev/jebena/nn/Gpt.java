package dev.jebena.nn;

import dev.jebena.nn.MultiheadAttention.Sight;
import dev.jebena.tensor.Rng;
import dev.jebena.tensor.Tensor;
import java.util.Arrays;

/// A language model of the form of GPT-2 (Radford et al. 2019): tokens `[n, length]` to scores of
/// the tokens that follow, `[n, length, kinds]`. Norms come first, activations are GELU, and the
/// last layer has the weight of the first table.
///
/// State: `tokens.weight`, `places.weight`, `layers` of a [TransformerEncoder], `head.weight`.
public final class Gpt extends Block implements Layer {
    private static final double DEVIATION = 0.02;

    /// @param kinds how many different tokens there are
    /// @param context how many tokens are seen at most
    /// @param width features of a token; linear layers between have four times as many
    /// @param bias whether linear layers and norms have biases
    public record Options(
            int kinds,
            int context,
            int width,
            int layers,
            int heads,
            double dropout,
            boolean bias) {
        public Options {
            NnException.positive("Gpt: number of tokens", kinds);
            NnException.positive("Gpt: context", context);
        }

        /// Without dropout and biases.
        public static Options of(int kinds, int context, int width, int layers, int heads) {
            return new Options(kinds, context, width, layers, heads, 0, false);
        }

        public Options dropout(double p) {
            return new Options(kinds, context, width, layers, heads, p, bias);
        }

        public Options bias(boolean whether) {
            return new Options(kinds, context, width, layers, heads, dropout, whether);
        }
    }

    private final Options options;
    private final Embedding tokens;
    private final Embedding places;
    private final Dropout dropout;
    private final TransformerEncoder layers;
    private final Linear head;

    private Gpt(Options options, Rng rng) {
        this.options = options;
        int width = options.width;
        tokens = part("tokens", Embedding.of(options.kinds, width, rng));
        places = part("places", Embedding.of(options.context, width, rng));
        dropout = part("dropout", Dropout.of(options.dropout, rng));
        TransformerOptions form =
                TransformerOptions.of(width, options.heads)
                        .feedForward(4 * width)
                        .dropout(options.dropout)
                        .activation(Activation.GELU)
                        .normFirst(true)
                        .bias(options.bias);
        layers = part("layers", TransformerEncoder.of(form, options.layers, true, rng));
        Linear scores = Linear.of(width, options.kinds, false, rng);
        head = part("head", scores.withWeightOf(tokens.weight()));
        namedParameters().forEach((name, parameter) -> begin(name, parameter, rng));
    }

    /// With GPT-2's first values.
    public static Gpt of(Options options, Rng rng) {
        return new Gpt(options, rng);
    }

    private void begin(String name, Parameter parameter, Rng rng) {
        if (parameter.shape().rank() > 1) {
            // What is added to the sum of all layers begins smaller.
            boolean added = name.endsWith("out_proj.weight") || name.endsWith("linear2.weight");
            double deviation = added ? DEVIATION / Math.sqrt(2.0 * options.layers) : DEVIATION;
            parameter.set(Init.normal(parameter.shape(), 0, deviation, rng));
        } else if (name.endsWith("bias")) {
            parameter.set(parameter.value().zerosLike());
        }
    }

    public Options options() {
        return options;
    }

    @Override
    public Tensor apply(Tensor text) {
        if (text.rank() != 2 || text.dim(1) > options.context) {
            throw NnException.shape(
                    "Gpt: tokens %s; [n, length] with a length up to %d is needed",
                    text.shape(), options.context);
        }
        Tensor x = tokens.apply(text).add(places.apply(Tensor.arange(text.dim(1))));
        return head.apply(layers.apply(dropout.apply(x), Sight.past()));
    }

    /// The mean cross entropy of the tokens that follow: those of `y [n, length]`.
    public Tensor loss(Batch batch) {
        return apply(batch.x()).transpose(1, 2).crossEntropy(batch.y());
    }

    /// Writes on: `count` tokens behind `begin`, each drawn by the probabilities at a temperature.
    public long[] write(long[] begin, int count, double temperature, Rng rng) {
        if (begin.length == 0) {
            throw NnException.option("Gpt: nothing to begin with; at least one token is needed");
        }
        boolean before = isTraining();
        training(false);
        long[] all = Arrays.copyOf(begin, begin.length + count);
        for (int at = begin.length; at < all.length; at++) {
            long[] seen = Arrays.copyOfRange(all, Math.max(0, at - options.context), at);
            Tensor scores = apply(Tensor.of(seen, 1, seen.length)).detach();
            Tensor last = scores.select(1, seen.length - 1);
            all[at] =
                    temperature > 0
                            ? rng.multinomial(last.div(temperature).softmax(-1), 1).itemLong()
                            : last.argmax(-1).itemLong();
        }
        training(before);
        return Arrays.copyOfRange(all, begin.length, all.length);
    }
}
