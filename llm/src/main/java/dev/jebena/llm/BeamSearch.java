package dev.jebena.llm;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Beam search: keeps the likeliest beginnings of an answer, goes on with each of them, and returns
/// the best that were found. Nothing is drawn.
///
/// Each step asks for the likeliest tokens after every beginning, as requests that the engine
/// computes together; since these have their beginnings in common, only the last token of each is
/// computed. Scores and ends are as vLLM has them: the sum of log-probabilities divided by the
/// length, prompt included and end not, to the power of the length penalty.
public final class BeamSearch {
    private static final int MAX_WIDTH = 64;

    /// A found answer.
    ///
    /// @param ids its tokens, without the one that ends it
    /// @param logprob sum of the tokens' log-probabilities, that of the end included
    /// @param score what they are ranked by
    /// @param stopString the stop string that ended it, or null
    public record Found(
            List<Integer> ids,
            String text,
            double logprob,
            double score,
            FinishReason reason,
            @Nullable String stopString) {}

    private record Beam(int[] ids, double logprob) {
        Beam with(int id, double more) {
            int[] longer = Arrays.copyOf(ids, ids.length + 1);
            longer[ids.length] = id;
            return new Beam(longer, logprob + more);
        }
    }

    private final Llm llm;
    private final int[] prompt;
    private final Generation options;
    private final int width;
    private final double lengthPenalty;
    private final List<Found> found = new ArrayList<>();

    private BeamSearch(Llm llm, int[] prompt, Generation options, int width, double lengthPenalty) {
        this.llm = llm;
        this.prompt = prompt;
        this.options = options;
        this.width = width;
        this.lengthPenalty = lengthPenalty;
    }

    /// The best `width` answers, the best first.
    ///
    /// @param options of these count the limit on tokens, stop strings and whether ends are ignored
    /// @param width beginnings that are kept
    /// @param lengthPenalty above 1 favours longer answers, below 1 shorter ones
    /// @param cancelled asked before each step; when true the search ends with what there is
    public static List<Found> search(
            Llm llm,
            int[] prompt,
            Generation options,
            int width,
            double lengthPenalty,
            BooleanSupplier cancelled) {
        if (width < 1 || width > MAX_WIDTH) {
            throw new LlmException(
                    LlmException.Code.BAD_REQUEST,
                    "%d beams; expected 1 to %d".formatted(width, MAX_WIDTH));
        }
        if (options.constraint() != null) {
            throw new LlmException(
                    LlmException.Code.BAD_REQUEST,
                    "beam search cannot follow a constraint; leave out one of them");
        }
        return new BeamSearch(llm, prompt, options, width, lengthPenalty).run(cancelled);
    }

    /// The same as answers, which are complete.
    public static List<Answer> answers(
            Llm llm,
            int[] prompt,
            Generation options,
            int width,
            double lengthPenalty,
            BooleanSupplier cancelled) {
        long began = System.nanoTime();
        List<Found> found = search(llm, prompt, options, width, lengthPenalty, cancelled);
        Duration time = Duration.ofNanos(System.nanoTime() - began);
        List<Answer> answers = new ArrayList<>();
        found.forEach(one -> answers.add(new FoundAnswer(one, prompt.length, time)));
        return answers;
    }

    private List<Found> run(BooleanSupplier cancelled) {
        List<Beam> beams = List.of(new Beam(new int[0], 0));
        int room = llm.contextLength() - prompt.length;
        int most = options.maxTokens() < 0 ? room : Math.min(room, options.maxTokens());
        for (int i = 0; i < most && !beams.isEmpty() && !cancelled.getAsBoolean(); i++) {
            beams = step(beams);
        }
        for (Beam beam : beams) {
            add(beam, text(beam), FinishReason.LENGTH, null, beam.ids().length);
        }
        return found.stream()
                .sorted(Comparator.comparingDouble(one -> -one.score()))
                .limit(width)
                .toList();
    }

    private List<Beam> step(List<Beam> beams) {
        Generation one =
                options.maxTokens(1)
                        .temperature(0)
                        .stop(List.of())
                        .logprobs(Math.min(2 * width, llm.tokenizer().vocabularySize()))
                        .ignoreEos(true)
                        .minTokens(0);
        List<Answer> answers = new ArrayList<>();
        try {
            for (Beam beam : beams) {
                answers.add(llm.generate(joined(beam), one));
            }
            List<Beam> next = new ArrayList<>();
            for (int i = 0; i < beams.size(); i++) {
                for (TokenLogprob token : top(answers.get(i))) {
                    extend(beams.get(i), token, next);
                }
            }
            next.sort(Comparator.comparingDouble(b -> -score(b.logprob(), b.ids().length)));
            return next.subList(0, Math.min(width, next.size()));
        } finally {
            answers.forEach(Answer::close);
        }
    }

    private int[] joined(Beam beam) {
        int[] all = Arrays.copyOf(prompt, prompt.length + beam.ids().length);
        System.arraycopy(beam.ids(), 0, all, prompt.length, beam.ids().length);
        return all;
    }

    private static List<TokenLogprob> top(Answer answer) {
        List<TokenLogprob> top = List.of();
        while (answer.hasNext()) {
            Token token = answer.next();
            top = token.top().isEmpty() ? top : token.top();
        }
        return top;
    }

    private void extend(Beam beam, TokenLogprob token, List<Beam> next) {
        Beam longer = beam.with(token.id(), token.logprob());
        if (llm.tokenizer().endsGeneration(token.id())) {
            if (!options.ignoreEos() && beam.ids().length >= options.minTokens()) {
                Beam ended = new Beam(beam.ids(), longer.logprob());
                add(ended, text(beam), FinishReason.END, null, beam.ids().length);
            }
            return;
        }
        String stop = null;
        String text = options.stop().isEmpty() ? "" : text(longer);
        for (String candidate : options.stop()) {
            boolean first =
                    text.contains(candidate)
                            && (stop == null || text.indexOf(candidate) < text.indexOf(stop));
            stop = first ? candidate : stop;
        }
        if (stop == null) {
            next.add(longer);
        } else {
            String shown = text.substring(0, text.indexOf(stop));
            add(longer, shown, FinishReason.STOP_STRING, stop, longer.ids().length);
        }
    }

    private String text(Beam beam) {
        return llm.tokenizer().decode(beam.ids(), false);
    }

    private void add(
            Beam beam, String text, FinishReason reason, @Nullable String stop, int length) {
        found.add(
                new Found(
                        IntStream.of(beam.ids()).boxed().toList(),
                        text,
                        beam.logprob(),
                        score(beam.logprob(), length),
                        reason,
                        stop));
    }

    private double score(double logprob, int answered) {
        return logprob / Math.pow(Math.max(1, prompt.length + answered), lengthPenalty);
    }
}
