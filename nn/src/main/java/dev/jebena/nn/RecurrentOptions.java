package dev.jebena.nn;

/// Form of a [Recurrent] network.
///
/// @param in features of the input
/// @param hidden features of the state
/// @param layers layers on top of each other
/// @param bidirectional whether each layer also reads from the end
/// @param bias whether there are biases
/// @param dropout probability of dropping outputs between layers while training
/// @param projection features that an LSTM's output is projected to; 0 for none
public record RecurrentOptions(
        int in,
        int hidden,
        int layers,
        boolean bidirectional,
        boolean bias,
        double dropout,
        int projection) {
    public RecurrentOptions {
        NnException.positive("number of input features", in);
        NnException.positive("number of hidden features", hidden);
        NnException.positive("number of layers", layers);
        NnException.probability("dropout", dropout);
        if (projection < 0 || projection >= hidden) {
            throw NnException.option(
                    "a projection to %d features; 1 to %d are needed, or 0 for none",
                    projection, hidden - 1);
        }
    }

    /// One layer, one direction, with biases.
    public static RecurrentOptions of(int in, int hidden) {
        return new RecurrentOptions(in, hidden, 1, false, true, 0, 0);
    }

    public RecurrentOptions layers(int count) {
        return new RecurrentOptions(in, hidden, count, bidirectional, bias, dropout, projection);
    }

    public RecurrentOptions bidirectional(boolean whether) {
        return new RecurrentOptions(in, hidden, layers, whether, bias, dropout, projection);
    }

    public RecurrentOptions bias(boolean whether) {
        return new RecurrentOptions(
                in, hidden, layers, bidirectional, whether, dropout, projection);
    }

    public RecurrentOptions dropout(double p) {
        return new RecurrentOptions(in, hidden, layers, bidirectional, bias, p, projection);
    }

    public RecurrentOptions projection(int features) {
        return new RecurrentOptions(in, hidden, layers, bidirectional, bias, dropout, features);
    }

    int directions() {
        return bidirectional ? 2 : 1;
    }

    /// Features of an output in one direction.
    int out() {
        return projection > 0 ? projection : hidden;
    }
}
