package dev.jebena.llm.internal.engine;

import dev.jebena.compute.FloatMatrix;
import dev.jebena.compute.Kernels;
import dev.jebena.llm.Answer;
import dev.jebena.llm.FinishReason;
import dev.jebena.llm.Generation;
import dev.jebena.llm.LlmException;
import dev.jebena.llm.TokenRules;
import dev.jebena.llm.internal.model.AdapterSet;
import dev.jebena.llm.internal.sampling.AnswerText;
import dev.jebena.llm.internal.sampling.Choice;
import dev.jebena.llm.internal.sampling.Sampler;
import dev.jebena.tokenizers.Tokenizer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// A request while the engine works on it: its tokens, those of them that are computed, and the
/// pages that hold their keys and values. Used by the engine's thread only, but the answer.
public final class Sequence {
    /// Tokens at least that a context shift may choose from.
    private static final int LEAST_FORGOTTEN = 4;

    private final Generation options;
    private final Tokenizer tokenizer;
    private final Sampler sampler;
    private final AnswerText text;
    private final StreamingAnswer answer;
    private final ShownTokens shown;
    private final int context;
    private final AdapterSet adapters;
    private final SequencePages pages;
    private final Guesses guesses;
    private int[] tokens;
    private final int prompt;
    private int length;
    private int computed;
    private int answered;
    private int guessed;
    private int stored;
    private long arrival;

    /// @param context tokens at most, prompt and answer together
    /// @param guesses tokens at most that are guessed at once
    /// @param adapters that change the weights for this sequence
    public Sequence(
            int[] prompt,
            Generation options,
            long seed,
            Sampler sampler,
            Tokenizer tokenizer,
            int context,
            int guesses,
            AdapterSet adapters) {
        this.adapters = adapters;
        this.pages = new SequencePages(adapters);
        this.guesses = new Guesses(options.speculate() ? guesses : 0);
        this.options = options;
        this.tokenizer = tokenizer;
        this.sampler = sampler;
        this.context = context;
        this.text =
                new AnswerText(
                        tokenizer, options.stop(), options.visible(), options.tokens().special());
        this.answer = new StreamingAnswer(seed, prompt.length);
        this.shown = new ShownTokens(text, answer);
        this.tokens = Arrays.copyOf(prompt, Math.min(context, prompt.length + 64));
        this.prompt = prompt.length;
        this.length = prompt.length;
    }

    /// What its reader sees.
    public Answer answer() {
        return answer;
    }

    StreamingAnswer stream() {
        return answer;
    }

    String caller() {
        return options.caller();
    }

    /// Lower comes first.
    int priority() {
        return options.priority();
    }

    int[] tokens() {
        return tokens;
    }

    int length() {
        return length;
    }

    int computed() {
        return computed;
    }

    /// Tokens that must be computed before the next one can be chosen.
    int remaining() {
        return length - computed;
    }

    AdapterSet adapters() {
        return adapters;
    }

    long[] pages() {
        return pages.offsets();
    }

    /// The order in which requests came.
    long arrival() {
        return arrival;
    }

    void arrival(long number) {
        arrival = number;
    }

    /// Pages that it lacks to compute `count` more tokens.
    int lackingPages(PrefixTree pool, int count) {
        return Math.max(0, pool.pagesFor(computed + count) - pages.count());
    }

    void takePages(PrefixTree pool, int count) {
        pool.take(pages, count);
    }

    /// Takes what others have computed of its beginning; returns how many tokens that is.
    int adoptPages(PrefixTree pool) {
        computed = pool.adopt(tokens, length, pages);
        stored = computed;
        return computed;
    }

    /// What was added has been computed: offers the pages that are full to others.
    void sealPages(PrefixTree pool) {
        stored = computed;
        pool.seal(tokens, stored, pages);
    }

    /// Gives all pages back; what was computed must be computed again.
    void releasePages(PrefixTree pool) {
        // Where the step failed, pages do not hold what they should.
        pool.release(tokens, Math.min(stored, computed), pages);
        computed = 0;
        stored = 0;
        guessed = 0;
    }

    /// Notes that `count` more tokens are computed; returns how many of them were of the prompt.
    int advance(int count) {
        int ofPrompt = Math.clamp(length - answered - computed, 0, count);
        computed += count;
        return ofPrompt;
    }

    /// Looks how the text may go on; see [#guess].
    void lookAhead() {
        int room = context - length - 1;
        if (options.maxTokens() >= 0) {
            room = Math.min(room, options.maxTokens() - answered - 1);
        }
        List<Integer> forced = options.tokens().forced();
        if (answered < forced.size()) {
            guesses.follow(forced.subList(answered, forced.size()), room);
            return;
        }
        guesses.look(tokens, length, room);
        for (int i = 0; i < guesses.known(); i++) {
            if (tokenizer.endsGeneration(guesses.token(i))) {
                guesses.cut(i);
            }
        }
    }

    /// Adds a guess by the logits of a draft model, unless it would end the answer.
    ///
    /// @param ahead guesses before it
    void draft(Kernels kernels, FloatMatrix logits, int row, int ahead) {
        int id = guesses.limit() > ahead ? sampler.guess(kernels, logits, row, ahead) : -1;
        if (id >= 0 && id < tokenizer.vocabularySize() && !tokenizer.endsGeneration(id)) {
            guesses.add(id);
            guess(guesses.known());
        } else {
            guesses.stop();
        }
    }

    Guesses guesses() {
        return guesses;
    }

    /// Appends the first `count` guesses to what the next step computes.
    void guess(int count) {
        guessed = count;
        while (tokens.length < length + count) {
            grow();
        }
        for (int i = 0; i < count; i++) {
            tokens[length + i] = guesses.token(i);
        }
    }

    /// Guesses that the next step checks.
    int guessed() {
        return guessed;
    }

    /// Chooses the next token by row `row`, and as long as guesses are what is chosen, the ones
    /// after it by the rows that follow. Without guesses the same tokens would be chosen one by
    /// one.
    List<Choice> choose(Kernels kernels, FloatMatrix logits, int row) {
        List<Choice> choices = chosen(kernels, logits, row);
        sampler.prepare();
        return choices;
    }

    private List<Choice> chosen(Kernels kernels, FloatMatrix logits, int row) {
        List<Choice> choices = new ArrayList<>(1 + guessed);
        for (int i = 0; i <= guessed; i++) {
            Choice choice;
            try {
                choice = sampler.choose(kernels, logits, row + i);
            } catch (RuntimeException e) {
                if (i == 0) {
                    throw e;
                }
                // It comes again when that token is the next one.
                return choices;
            }
            choices.add(choice);
            if (options.maxTokens() == 0 || ends(choice, i)) {
                return choices;
            }
            sampler.accept(choice.id());
            if (i < guessed && choice.id() != tokens[length + i]) {
                return choices;
            }
        }
        return choices;
    }

    /// @param ahead tokens that were chosen before it and are not yet taken
    private boolean ends(Choice choice, int ahead) {
        TokenRules rules = options.tokens();
        if (answered + ahead < rules.forced().size()) {
            return false;
        }
        boolean mayEnd = !options.ignoreEos() || options.constraint() != null;
        return rules.ends().contains(choice.id())
                || (mayEnd && tokenizer.endsGeneration(choice.id()));
    }

    /// Takes the tokens that were chosen, until the answer ends. Returns how many.
    int take(List<Choice> choices) {
        int taken = 0;
        try {
            boolean goesOn = true;
            while (taken < choices.size() && goesOn) {
                guesses.learn(taken, choices.get(taken).id());
                goesOn = take(choices.get(taken++));
            }
            return taken;
        } finally {
            if (guessed > 0) {
                // What follows was computed for guesses that were wrong.
                computed = Math.min(computed, length - 1);
                guessed = 0;
            }
            guesses.cut(0);
        }
    }

    /// Takes one token. Whether the answer goes on.
    private boolean take(Choice choice) {
        if (options.maxTokens() == 0) {
            return end(FinishReason.LENGTH);
        }
        if (ends(choice, 0)) {
            shown.end();
            return end(text.stopString() == null ? FinishReason.END : FinishReason.STOP_STRING);
        }
        answered++;
        append(choice.id());
        boolean full =
                answered == options.maxTokens() || (length == context && !options.contextShift());
        shown.add(choice, answered >= options.minTokens(), full);
        if (text.stopString() != null) {
            return end(FinishReason.STOP_STRING);
        }
        return !full || end(FinishReason.LENGTH);
    }

    private boolean end(FinishReason reason) {
        answer.finish(reason, text.stopString());
        return false;
    }

    private void append(int id) {
        if (length == tokens.length) {
            grow();
        }
        tokens[length++] = id;
    }

    private void grow() {
        tokens = Arrays.copyOf(tokens, Math.min(context, 2 * tokens.length));
    }

    /// Whether the context is full and the oldest half must go.
    boolean mustShift() {
        return length == context;
    }

    /// Forgets the older half of the tokens, but a BOS at the start and what of the prompt is to be
    /// kept. Keys depend on positions, so the rest is computed again; its pages have been given
    /// back. So the answer goes on exactly as after a prompt of the tokens that are left.
    void shift() {
        int bos = tokenizer.bos().isPresent() && tokens[0] == tokenizer.bos().getAsInt() ? 1 : 0;
        int wanted = options.keep() < 0 ? prompt : Math.min(options.keep(), prompt);
        int kept = Math.min(Math.max(bos, wanted), Math.max(bos, length - LEAST_FORGOTTEN));
        int dropped = Math.max(1, (length - kept) / 2);
        System.arraycopy(tokens, kept + dropped, tokens, kept, length - kept - dropped);
        length -= dropped;
        guesses.clear();
    }

    /// Ends it when its time has passed.
    void checkTime(long now) {
        Duration limit = options.timeLimit();
        if (limit != null && !answer.over() && now - answer.submitted() > limit.toNanos()) {
            String state =
                    answered > 0
                            ? "%d tokens of the answer were there".formatted(answered)
                            : computed > 0
                                    ? "%d of %d tokens of the prompt were computed"
                                            .formatted(computed, length)
                                    : "the request was still in the queue";
            answer.fail(
                    new LlmException(
                            LlmException.Code.TIME_LIMIT,
                            "the time limit of %s s has passed: %s; ask for fewer tokens or allow more time"
                                    .formatted(seconds(limit), state)));
        }
    }

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.3f", time.toNanos() / 1e9).replaceAll("\\.?0+$", "");
    }

    void fail(LlmException problem) {
        answer.fail(problem);
    }
}
