package dev.jebena.transformers;

import dev.jebena.tensor.Tensor;
import dev.jebena.transformers.internal.model.DecoderState;
import dev.jebena.transformers.internal.model.SequenceModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/// Searches for the likeliest answers with several at once, as transformers does it: scores are
/// sums of log-probabilities, those of finished answers divided by a power of their length.
final class Beams {
    private static final float WORST = -1e9f;

    private final SequenceModel model;
    private final WritingOptions options;
    private final NextTokenRules rules;
    private final int count;
    private final int[] ends;
    private List<Beam> running = new ArrayList<>();
    private List<Beam> finished = new ArrayList<>();
    private boolean improvable = true;

    /// @param parent number of the running beam that it goes on with
    /// @param ended whether it may not go on
    private record Beam(int[] tokens, float score, int parent, boolean ended) {}

    Beams(SequenceModel model, WritingOptions options, NextTokenRules rules) {
        this.model = model;
        this.options = options;
        this.rules = rules;
        this.count = options.beams();
        this.ends = options.ends();
    }

    List<int[]> search(Tensor read) {
        DecoderState state = model.begin(read, count);
        int[] start = {options.start()};
        for (int i = 0; i < count; i++) {
            // All but one begin so far behind that the first tokens come from one.
            running.add(new Beam(start, i == 0 ? 0 : WORST, i, false));
            finished.add(new Beam(start, WORST, i, false));
        }
        boolean more = options.maxLength() > 1;
        while (more) {
            List<Beam> candidates = candidates(state);
            running = best(candidates.stream().map(Beams::withoutEnded).toList());
            finish(candidates);
            state.choose(running.stream().mapToInt(Beam::parent).toArray());
            improvable &= canImprove();
            boolean enough = options.stopsEarly() && finished.stream().allMatch(Beam::ended);
            more = improvable && !enough && !candidates.stream().allMatch(Beam::ended);
        }
        return finished.stream().limit(options.answers()).map(Beam::tokens).toList();
    }

    private static Beam withoutEnded(Beam beam) {
        return beam.ended ? new Beam(beam.tokens, beam.score + WORST, beam.parent, true) : beam;
    }

    private List<Beam> best(List<Beam> beams) {
        return beams.stream()
                .sorted(Comparator.comparingDouble(beam -> -beam.score))
                .limit(count)
                .toList();
    }

    /// The likeliest continuations, as many as are needed if all beams end.
    private List<Beam> candidates(DecoderState state) {
        int[] last =
                running.stream().mapToInt(beam -> beam.tokens[beam.tokens.length - 1]).toArray();
        Tensor logprobs = model.next(state, last).logSoftmax(1);
        int wanted = Math.max(2, 1 + ends.length) * count;
        List<Beam> candidates = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Beam beam = running.get(i);
            float[] scores = logprobs.select(0, i).toFloats();
            rules.apply(beam.tokens, scores);
            for (int token : highest(scores, wanted)) {
                int[] tokens = Arrays.copyOf(beam.tokens, beam.tokens.length + 1);
                tokens[tokens.length - 1] = token;
                boolean ended = tokens.length >= options.maxLength() || Writer.isEnd(ends, token);
                candidates.add(new Beam(tokens, scores[token] + beam.score, i, ended));
            }
        }
        candidates.sort(Comparator.comparingDouble(beam -> -beam.score));
        return candidates.subList(0, Math.min(wanted, candidates.size()));
    }

    private static int[] highest(float[] scores, int wanted) {
        return Scores.ranking(scores).stream().limit(wanted).mapToInt(Integer::intValue).toArray();
    }

    /// Only what is among the first may become an answer.
    private void finish(List<Beam> candidates) {
        boolean closed =
                !improvable || (options.stopsEarly() && finished.stream().allMatch(Beam::ended));
        List<Beam> all = new ArrayList<>(finished);
        for (int i = 0; i < candidates.size(); i++) {
            Beam beam = candidates.get(i);
            boolean ended = beam.ended && i < count;
            float score = (float) (beam.score / power(beam.tokens.length - 1));
            float lowered = score + (ended ? 0 : WORST) + (closed ? WORST : 0);
            all.add(new Beam(beam.tokens, lowered, beam.parent, ended));
        }
        finished = best(all);
    }

    private double power(int length) {
        return Math.pow(length, options.lengthPenalty());
    }

    private boolean canImprove() {
        boolean far = options.neverStopsEarly() && options.lengthPenalty() > 0;
        int length = (far ? options.maxLength() : running.getFirst().tokens.length) - 1;
        double possible = running.getFirst().score / power(length);
        double worst = finished.stream().mapToDouble(Beam::score).min().orElse(WORST);
        return finished.stream().anyMatch(beam -> possible > (beam.ended ? worst : WORST));
    }
}
