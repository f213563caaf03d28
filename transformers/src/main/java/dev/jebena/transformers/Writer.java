package dev.jebena.transformers;

import dev.jebena.base.Problem;
import dev.jebena.tensor.Rng;
import dev.jebena.tensor.Tensor;
import dev.jebena.transformers.internal.model.DecoderState;
import dev.jebena.transformers.internal.model.SequenceModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Writes answers token by token: the likeliest one, drawn ones, or the best of several beams.
final class Writer {
    private final SequenceModel model;
    private final WritingOptions options;
    private final int[] ends;

    Writer(SequenceModel model, WritingOptions options) {
        this.model = model;
        this.options = options;
        this.ends = options.ends();
    }

    /// The answers, the best first, each with the token it begins with.
    List<int[]> write(int[] text) {
        if (options.start() >= model.vocabulary()) {
            throw new Problem(
                    Problem.Code.BAD_FILE,
                    "decoder_start_token_id is %d, the model has %d tokens"
                            .formatted(options.start(), model.vocabulary()));
        }
        Tensor read = model.read(text);
        NextTokenRules rules = new NextTokenRules(options, text);
        if (options.beams() > 1) {
            return new Beams(model, options, rules).search(read);
        }
        List<int[]> answers = new ArrayList<>();
        Long seed = options.seed();
        Rng rng = Rng.seed(seed == null ? System.nanoTime() : seed);
        for (int i = 0; i < options.answers(); i++) {
            answers.add(one(read, rules, rng));
        }
        return answers;
    }

    private int[] one(Tensor read, NextTokenRules rules, Rng rng) {
        DecoderState state = model.begin(read, 1);
        int[] written = {options.start()};
        while (written.length < options.maxLength()) {
            int last = written[written.length - 1];
            float[] scores = model.next(state, new int[] {last}).select(0, 0).toFloats();
            rules.apply(written, scores);
            int token = options.samples() ? drawn(scores, rng) : Scores.highest(scores);
            written = Arrays.copyOf(written, written.length + 1);
            written[written.length - 1] = token;
            if (isEnd(ends, token)) {
                break;
            }
        }
        return written;
    }

    static boolean isEnd(int[] ends, int token) {
        for (int end : ends) {
            if (end == token) {
                return true;
            }
        }
        return false;
    }

    private int drawn(float[] scores, Rng rng) {
        double temperature = Math.max(1e-6, options.temperature());
        for (int i = 0; i < scores.length; i++) {
            scores[i] = (float) (scores[i] / temperature);
        }
        List<Integer> ranking = Scores.ranking(scores);
        int most = options.topK() > 0 ? Math.min(options.topK(), scores.length) : scores.length;
        float[] kept = new float[most];
        for (int i = 0; i < most; i++) {
            kept[i] = scores[ranking.get(i)];
        }
        float[] shares = Scores.softmax(kept);
        double reach = 0;
        int count = 0;
        while (count < most && (count == 0 || reach < options.topP())) {
            reach += shares[count++];
        }
        double point = rng.uniform(1).item() * reach;
        for (int i = 0; i < count; i++) {
            point -= shares[i];
            if (point < 0) {
                return ranking.get(i);
            }
        }
        return ranking.get(count - 1);
    }
}
