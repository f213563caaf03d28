package dev.jebena.transformers.internal.model;

import dev.jebena.base.Problem;
import dev.jebena.tensor.Tensor;

/// BART as a classifier of texts: the decoder writes the text itself, one token later, and its
/// state at the last end-of-text token is classified.
final class BartClassifier implements TextModel {
    private final BartModel model;
    private final Head head;
    private final int start;
    private final int end;

    BartClassifier(ModelConfig config, Checkpoint checkpoint) {
        this.model =
                config.modelType().equals("mbart")
                        ? BartFamily.mbart(config, checkpoint)
                        : BartFamily.bart(config, checkpoint);
        int width = config.size("d_model");
        Part part = checkpoint.part("classification_head");
        this.head =
                new Head(
                        null,
                        new Transform(part.linear("dense", width, width), Tensor::tanh, null),
                        part.linear("out_proj", width, config.labels().size()));
        this.end = config.integer("eos_token_id", 2);
        this.start = config.integer("decoder_start_token_id", end);
    }

    @Override
    public Tensor logits(int[] ids, int[] types) {
        int last = ids.length - 1;
        while (last >= 0 && ids[last] != end) {
            last--;
        }
        if (last < 0) {
            throw new Problem(
                    Problem.Code.BAD_FILE,
                    "the tokenizer puts no end-of-text token (%d) behind the text, which the model classifies"
                            .formatted(end));
        }
        int[] written = new int[ids.length];
        written[0] = start;
        System.arraycopy(ids, 0, written, 1, ids.length - 1);
        Tensor states = model.written(model.read(ids), written);
        return head.logits(states.narrow(0, last, 1));
    }

    @Override
    public int longest() {
        return model.longestText();
    }
}
