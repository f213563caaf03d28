package dev.jebena.nn;

import dev.jebena.nn.MultiheadAttention.Sight;
import dev.jebena.tensor.Rng;
import dev.jebena.tensor.Tensor;

/// Encoder and decoder (Vaswani et al. 2017), both with a norm at the end. State: `encoder`,
/// `decoder`. All matrices begin with Glorot's uniform numbers, as in PyTorch.
public final class Transformer extends Block {
    private final TransformerEncoder encoder;
    private final TransformerDecoder decoder;

    private Transformer(TransformerOptions options, int encoderLayers, int decoderLayers, Rng rng) {
        encoder = part("encoder", TransformerEncoder.of(options, encoderLayers, true, rng));
        decoder = part("decoder", TransformerDecoder.of(options, decoderLayers, true, rng));
        for (Parameter parameter : parameters()) {
            if (parameter.shape().rank() > 1) {
                parameter.set(Init.xavierUniform(parameter.shape(), 1, rng));
            }
        }
    }

    public static Transformer of(
            TransformerOptions options, int encoderLayers, int decoderLayers, Rng rng) {
        return new Transformer(options, encoderLayers, decoderLayers, rng);
    }

    /// `[n, target length, width]` for a source `[n, source length, width]`; no place of the target
    /// sees later ones.
    public Tensor apply(Tensor source, Tensor target) {
        return apply(source, target, Sight.all(), Sight.past(), Sight.all());
    }

    public Tensor apply(
            Tensor source, Tensor target, Sight ofSource, Sight ofTarget, Sight ofMemory) {
        return decoder.apply(target, encoder.apply(source, ofSource), ofTarget, ofMemory);
    }
}
