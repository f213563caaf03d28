package dev.jebena.nn;

import dev.jebena.tensor.Rng;
import dev.jebena.tensor.Shape;

/// Form of the layers of a [Transformer].
///
/// @param width features of a place in the sequence
/// @param heads heads of attention
/// @param feedForward features between the two linear layers
/// @param dropout probability of dropout while training
/// @param activation between the two linear layers
/// @param epsilon of the norms
/// @param normFirst whether norms come before attention and linear layers, instead of after the sum
/// @param bias whether linear layers and norms have biases
public record TransformerOptions(
        int width,
        int heads,
        int feedForward,
        double dropout,
        Layer activation,
        double epsilon,
        boolean normFirst,
        boolean bias) {
    public TransformerOptions {
        NnException.positive("width", width);
        NnException.positive("heads", heads);
        NnException.positive("feedForward", feedForward);
        NnException.probability("dropout", dropout);
    }

    /// PyTorch's defaults: 2048 features between the linear layers, dropout 0.1, ReLU, norms last.
    public static TransformerOptions of(int width, int heads) {
        return new TransformerOptions(width, heads, 2048, 0.1, Activation.RELU, 1e-5, false, true);
    }

    public TransformerOptions feedForward(int features) {
        return new TransformerOptions(
                width, heads, features, dropout, activation, epsilon, normFirst, bias);
    }

    public TransformerOptions dropout(double p) {
        return new TransformerOptions(
                width, heads, feedForward, p, activation, epsilon, normFirst, bias);
    }

    public TransformerOptions activation(Layer function) {
        return new TransformerOptions(
                width, heads, feedForward, dropout, function, epsilon, normFirst, bias);
    }

    public TransformerOptions epsilon(double number) {
        return new TransformerOptions(
                width, heads, feedForward, dropout, activation, number, normFirst, bias);
    }

    public TransformerOptions normFirst(boolean whether) {
        return new TransformerOptions(
                width, heads, feedForward, dropout, activation, epsilon, whether, bias);
    }

    public TransformerOptions bias(boolean whether) {
        return new TransformerOptions(
                width, heads, feedForward, dropout, activation, epsilon, normFirst, whether);
    }

    LayerNorm norm() {
        return LayerNorm.of(Shape.of(width), epsilon, bias);
    }

    MultiheadAttention attention(Rng rng) {
        return MultiheadAttention.of(width, heads, dropout, bias, rng);
    }
}
