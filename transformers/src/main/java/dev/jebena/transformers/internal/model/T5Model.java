package dev.jebena.transformers.internal.model;

import dev.jebena.tensor.Tensor;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// T5's network (Raffel et al. 2019), its version 1.1 and mT5: norms without a mean before each
/// body, places only as what attention gets added by distance.
///
/// @param factor of the last states, before the output
record T5Model(
        Tensor words,
        Stack encoder,
        Stack decoder,
        Tensor output,
        double factor,
        UnaryOperator<Tensor> activation)
        implements SequenceModel {
    /// @param bias of the first layer, which all use
    record Stack(List<Layer> layers, RelativeBias bias, Norm finalNorm) {}

    /// @param cross null in encoders
    /// @param gate null for a feed-forward network without
    record Layer(
            Norm selfNorm,
            CrossAttention self,
            @Nullable Norm crossNorm,
            @Nullable CrossAttention cross,
            Norm innerNorm,
            @Nullable Linear gate,
            Linear up,
            Linear down) {}

    @Override
    public Tensor read(int[] ids) {
        EncoderModel.check(ids, longest(), words.dim(0));
        Tensor x = words.index(Tensor.of(ids));
        Tensor bias = encoder.bias.of(ids.length, ids.length, 0);
        for (Layer layer : encoder.layers) {
            x = x.add(layer.self.among(layer.selfNorm.rms(x), bias, false));
            x = x.add(inner(layer, layer.innerNorm.rms(x)));
        }
        return encoder.finalNorm.rms(x);
    }

    @Override
    public DecoderState begin(Tensor read, int answers) {
        return DecoderState.of(
                decoder.layers.stream().map(Layer::cross).filter(Objects::nonNull).toList(), read);
    }

    @Override
    public Tensor next(DecoderState state, int[] tokens) {
        Tensor x = words.index(Tensor.of(tokens));
        Tensor bias = decoder.bias.of(1, state.length() + 1, state.length()).unsqueeze(0);
        for (int i = 0; i < decoder.layers.size(); i++) {
            Layer layer = decoder.layers.get(i);
            x = x.add(layer.self.step(layer.selfNorm.rms(x), state, i, bias));
            if (layer.cross != null && layer.crossNorm != null) {
                x = x.add(layer.cross.crossStep(layer.crossNorm.rms(x), state, i));
            }
            x = x.add(inner(layer, layer.innerNorm.rms(x)));
        }
        state.grow();
        return decoder.finalNorm.rms(x).mul(factor).linear(output);
    }

    private Tensor inner(Layer layer, Tensor x) {
        Tensor up = layer.up.apply(x);
        Tensor y =
                layer.gate == null
                        ? activation.apply(up)
                        : activation.apply(layer.gate.apply(x)).mul(up);
        return layer.down.apply(y);
    }

    @Override
    public int vocabulary() {
        return output.dim(0);
    }

    @Override
    public int longest() {
        return Encoder.MOST_TOKENS;
    }
}
