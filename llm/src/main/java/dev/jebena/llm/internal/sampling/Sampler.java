package dev.jebena.llm.internal.sampling;

import dev.jebena.compute.FloatMatrix;
import dev.jebena.compute.Kernels;
import dev.jebena.llm.Generation;
import dev.jebena.llm.LlmException;
import dev.jebena.llm.Sampling;
import dev.jebena.llm.Sampling.Stage;
import dev.jebena.llm.TokenLogprob;
import dev.jebena.llm.internal.constraint.TokenFilter;
import dev.jebena.tokenizers.Tokenizer;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Chooses the tokens of one answer.
///
/// Logits are changed in this order: logit bias, repeat, frequency and presence penalties, DRY, the
/// constraint, rules for tokens, tokens that must not end the answer yet. Of the rest, temperature
/// 0 takes the likeliest; otherwise mirostat draws, or tokens are cut away in the order of the
/// options' stages and one is drawn at the given temperature. Where only top-k, typical, top-p and
/// min-p cut, in this order (that of llama.cpp), that is done without sorting the vocabulary. The
/// n-th token of an answer is drawn with the n-th number of the seed, so that it does not depend on
/// other answers. Log-probabilities are those of the unchanged logits.
public final class Sampler {
    private final Generation options;
    private final long seed;
    private final int[] endTokens;
    private final @Nullable TokenFilter filter;
    private final int longest;
    private final TokenCounts counts;
    private final RuledTokens rules;
    private final boolean penalizes;
    private final @Nullable DryPenalty dry;
    private final @Nullable MirostatState mirostat;
    private final @Nullable SamplerChain chain;
    private final Candidates candidates = new Candidates();
    private float[] work = {};
    private long[] allowed = {};
    private int answered;

    /// Whether the last token was drawn from the candidates alone.
    private boolean cut;

    /// The temperature that it was drawn at.
    private float heat = 1;

    /// @param prompt tokens that penalties see
    /// @param endTokens ids that end an answer
    /// @param longest tokens at most that the answer may have
    public Sampler(
            Generation options,
            long seed,
            int[] prompt,
            int[] endTokens,
            @Nullable TokenFilter filter,
            int longest) {
        this(options, seed, prompt, endTokens, filter, longest, DryBreakers.NONE);
    }

    /// @param tokenizer tells what the breakers of DRY are as tokens
    public Sampler(
            Generation options,
            long seed,
            int[] prompt,
            int[] endTokens,
            @Nullable TokenFilter filter,
            int longest,
            Tokenizer tokenizer) {
        this(options, seed, prompt, endTokens, filter, longest, breakers(options, tokenizer));
    }

    private static DryBreakers breakers(Generation options, Tokenizer tokenizer) {
        return options.sampling().dry().multiplier() == 0
                ? DryBreakers.NONE
                : DryBreakers.of(tokenizer, options.sampling().dry().breakers());
    }

    Sampler(
            Generation options,
            long seed,
            int[] prompt,
            int[] endTokens,
            @Nullable TokenFilter filter,
            int longest,
            DryBreakers breakers) {
        this.options = options;
        this.seed = seed;
        this.endTokens = endTokens;
        this.filter = filter;
        this.longest = longest;
        this.counts = new TokenCounts(options.repeatWindow());
        this.rules = new RuledTokens(options);
        Sampling sampling = options.sampling();
        this.penalizes =
                sampling.order().contains(Stage.PENALTIES)
                        && (options.repeatPenalty() != 1
                                || options.presencePenalty() != 0
                                || options.frequencyPenalty() != 0);
        boolean dries = sampling.order().contains(Stage.DRY) && sampling.dry().multiplier() != 0;
        this.dry = dries ? new DryPenalty(sampling.dry(), breakers, prompt) : null;
        boolean steers = sampling.mirostat().version() > 0 && options.temperature() > 0;
        this.mirostat = steers ? new MirostatState(sampling.mirostat()) : null;
        this.chain =
                SamplerChain.isNeeded(sampling)
                        ? new SamplerChain(options, seed, candidates)
                        : null;
        if (penalizes) {
            for (int id : prompt) {
                counts.add(id);
            }
        }
    }

    /// The next token, given row `row` of `logits`.
    public Choice choose(Kernels kernels, FloatMatrix logits, int row) {
        int count = logits.columns();
        int forced = rules.forced();
        boolean changed = forced < 0 && changesLogits();
        boolean reports = options.logprobs() >= 0 && !options.drawnLogprobs();
        boolean plain = options.logprobs() < 0;
        if (!changed && plain && forced < 0 && options.temperature() == 0) {
            return new Choice(
                    checked(logits, row, kernels.argmax(logits, row)), Float.NaN, List.of());
        }
        if (changed && filter != null) {
            allowed = filter.allowed(longest - answered);
        }
        if (changed && plain && options.temperature() == 0 && onlyForbids()) {
            // Most of what a model likes best is allowed as well.
            int best = kernels.argmax(logits, row);
            if (mayCome(best) && logits.get(row, best) > Float.NEGATIVE_INFINITY) {
                return new Choice(best, Float.NaN, List.of());
            }
        }
        load(logits, row, count);
        float normalizer = reports ? kernels.logSumExp(logits, row) : Float.NaN;
        List<TokenLogprob> top = reports ? top(count, normalizer) : List.of();
        if (changed) {
            change(count);
        }
        int id = forced >= 0 ? forced : chosen(count);
        if (options.logprobs() >= 0 && options.drawnLogprobs()) {
            return drawn(id, count, forced >= 0 || options.temperature() == 0);
        }
        return new Choice(id, reports ? logits.get(row, id) - normalizer : Float.NaN, top);
    }

    /// A token with the probabilities that it was drawn by.
    ///
    /// @param certain whether no other could have been
    private Choice drawn(int id, int count, boolean certain) {
        if (certain) {
            return new Choice(id, 0, List.of(new TokenLogprob(id, 0)));
        }
        if (!cut) {
            candidates.selectAbove(work, count, Float.NEGATIVE_INFINITY);
        }
        candidates.cool(heat);
        double[] logs = Distribution.logProbabilities(candidates);
        float own = Float.NEGATIVE_INFINITY;
        List<TokenLogprob> top = new ArrayList<>();
        for (int i = 0; i < logs.length; i++) {
            own = candidates.id(i) == id ? (float) logs[i] : own;
            if (i < options.logprobs()) {
                top.add(new TokenLogprob(candidates.id(i), (float) logs[i]));
            }
        }
        return new Choice(id, own, List.copyOf(top));
    }

    /// Whether nothing changes logits but a constraint and that the answer must go on.
    private boolean onlyForbids() {
        return !penalizes && dry == null && !rules.changesLogits() && options.logitBias().isEmpty();
    }

    private boolean mayCome(int id) {
        if (mustGoOn()) {
            for (int end : endTokens) {
                if (id == end) {
                    return false;
                }
            }
        }
        return filter == null || isAllowed(id);
    }

    private boolean isAllowed(int id) {
        return id >> 6 < allowed.length && (allowed[id >> 6] >>> id & 1) != 0;
    }

    private int chosen(int count) {
        return options.temperature() == 0 ? likeliest(count) : draw(count, answered);
    }

    /// What [#choose] may choose after `ahead` more tokens, by another model's logits; -1 when
    /// there is nothing to choose. Drawn with that token's number, it hits the same token where the
    /// models agree. Does not see what changes logits.
    public int guess(Kernels kernels, FloatMatrix logits, int row, int ahead) {
        if (options.temperature() == 0) {
            return kernels.argmax(logits, row);
        }
        int count = logits.columns();
        load(logits, row, count);
        try {
            return draw(count, answered + ahead);
        } catch (LlmException e) {
            return -1;
        }
    }

    /// Takes note of a token that became part of the answer.
    public void accept(int id) {
        answered++;
        rules.accept(id);
        if (penalizes) {
            counts.add(id);
        }
        if (dry != null) {
            dry.add(id);
        }
        if (mirostat != null) {
            mirostat.accept();
        }
        if (filter != null) {
            filter.accept(id);
        }
    }

    /// Begins to compute which tokens may come next; see [TokenFilter#prepare].
    public void prepare() {
        if (filter != null) {
            filter.prepare(longest - answered);
        }
    }

    private void load(FloatMatrix logits, int row, int count) {
        if (work.length < count) {
            work = new float[count];
        }
        MemorySegment.copy(
                logits.data(),
                ValueLayout.JAVA_FLOAT_UNALIGNED,
                logits.offset(row, 0),
                work,
                0,
                count);
    }

    private static int checked(FloatMatrix logits, int row, int id) {
        if (!(logits.get(row, id) > Float.NEGATIVE_INFINITY)) {
            throw noNumbers();
        }
        return id;
    }

    private static LlmException noNumbers() {
        return new LlmException(
                LlmException.Code.BAD_MODEL,
                "the model computed no logit that is a number; its weights may be damaged");
    }

    private List<TokenLogprob> top(int count, float normalizer) {
        if (options.logprobs() == 0) {
            return List.of();
        }
        candidates.selectTop(work, count, Math.min(options.logprobs(), count));
        List<TokenLogprob> top = new ArrayList<>(candidates.size());
        for (int i = 0; i < candidates.size(); i++) {
            top.add(new TokenLogprob(candidates.id(i), candidates.logit(i) - normalizer));
        }
        return List.copyOf(top);
    }

    private boolean changesLogits() {
        return penalizes
                || dry != null
                || filter != null
                || rules.changesLogits()
                || !options.logitBias().isEmpty()
                || mustGoOn();
    }

    private boolean mustGoOn() {
        return options.ignoreEos() || answered < options.minTokens();
    }

    private void change(int count) {
        options.logitBias()
                .forEach((id, bias) -> {
                    if (id >= 0 && id < count) {
                        work[id] += bias;
                    }
                });
        counts.counts().forEach(this::penalize);
        if (dry != null) {
            dry.apply(work, count);
        }
        if (filter != null) {
            forbidOthers(count);
        }
        rules.apply(work, count);
        if (mustGoOn()) {
            forbidEnds(count);
        }
    }

    /// Forbids to end; not where a constraint leaves nothing else, as when its text is complete.
    private void forbidEnds(int count) {
        float[] before = new float[endTokens.length];
        for (int i = 0; i < before.length; i++) {
            before[i] = work[endTokens[i]];
            work[endTokens[i]] = Float.NEGATIVE_INFINITY;
        }
        if (filter != null && !isAnyLeft(count)) {
            for (int i = 0; i < before.length; i++) {
                work[endTokens[i]] = before[i];
            }
        }
    }

    private boolean isAnyLeft(int count) {
        for (int id = 0; id < count; id++) {
            if (work[id] > Float.NEGATIVE_INFINITY) {
                return true;
            }
        }
        return false;
    }

    private void penalize(int id, int times) {
        float logit = work[id];
        logit = logit > 0 ? logit / options.repeatPenalty() : logit * options.repeatPenalty();
        work[id] = logit - times * options.frequencyPenalty() - options.presencePenalty();
    }

    private void forbidOthers(int count) {
        for (int from = 0; from < count; from += Long.SIZE) {
            int word = from >> 6;
            long others = word < allowed.length ? ~allowed[word] : -1;
            int size = Math.min(Long.SIZE, count - from);
            if (others == -1) {
                Arrays.fill(work, from, from + size, Float.NEGATIVE_INFINITY);
                continue;
            }
            for (; others != 0; others &= others - 1) {
                int i = Long.numberOfTrailingZeros(others);
                if (i >= size) {
                    break;
                }
                work[from + i] = Float.NEGATIVE_INFINITY;
            }
        }
    }

    private int likeliest(int count) {
        int best = -1;
        float largest = Float.NEGATIVE_INFINITY;
        for (int id = 0; id < count; id++) {
            if (work[id] > largest) {
                largest = work[id];
                best = id;
            }
        }
        return best >= 0 ? best : none();
    }

    private int none() {
        if (changesLogits()) {
            throw new LlmException(
                    LlmException.Code.BAD_REQUEST,
                    "no token is left to choose: logit bias, constraint and rules for tokens forbid all of them");
        }
        throw noNumbers();
    }

    private int draw(int count, int number) {
        double uniform = Philox.uniform(seed, number);
        float temperature = options.temperature();
        cut = true;
        heat = 1;
        if (mirostat != null) {
            float largest = work[likeliest(count)];
            return candidates.id(
                    mirostat.draw(candidates, work, count, largest, temperature, uniform));
        }
        if (chain != null) {
            chain.cut(work, count, number);
            return candidates.size() == 0
                    ? none()
                    : candidates.id(Distribution.draw(candidates, 1, uniform));
        }
        heat = temperature;
        boolean all = options.topK() == 0 || options.topK() >= count;
        if (all && options.typicalP() >= 1 && options.topP() >= 1 && options.minP() <= 0) {
            cut = false;
            return Distribution.drawFromAll(work, count, temperature, uniform, likeliest(count));
        }
        double mass;
        if (!all) {
            candidates.selectTop(work, count, options.topK());
            mass = Distribution.mass(candidates);
        } else {
            mass = selectLikely(count, work[likeliest(count)]);
        }
        if (candidates.size() == 0) {
            return none();
        }
        if (options.typicalP() < 1) {
            Distribution.keepTypical(candidates, options.typicalP(), 1);
            mass = Distribution.mass(candidates);
        }
        Distribution.keepTopP(candidates, options.topP(), mass, 1);
        Distribution.keepMinP(candidates, options.minP(), 1);
        return candidates.id(Distribution.draw(candidates, temperature, uniform));
    }

    /// Selects the tokens that top-p and min-p can keep, without sorting a whole vocabulary, and
    /// returns the probability mass of all tokens relative to the likeliest one's.
    private double selectLikely(int count, float largest) {
        if (options.typicalP() < 1) {
            candidates.selectAbove(work, count, Float.NEGATIVE_INFINITY);
            return Distribution.mass(candidates);
        }
        double mass = options.topP() < 1 ? Distribution.mass(work, count, largest) : 0;
        if (options.minP() > 0) {
            candidates.selectAbove(work, count, largest + (float) Math.log(options.minP()));
            return mass;
        }
        for (float reach = 8; ; reach *= 2) {
            candidates.selectAbove(work, count, largest - reach);
            // Beyond e^-128 no float probability is left.
            if (reach >= 128 || Distribution.mass(candidates) >= options.topP() * mass) {
                return mass;
            }
        }
    }
}
