package dev.jebena.llm.internal.engine;

import dev.jebena.llm.Answer;
import dev.jebena.llm.FinishReason;
import dev.jebena.llm.Generation;
import dev.jebena.llm.LlmException;
import dev.jebena.llm.internal.model.KvPool;
import dev.jebena.llm.internal.sampling.AnswerText;
import dev.jebena.llm.internal.sampling.Choice;
import dev.jebena.llm.internal.sampling.Sampler;
import dev.jebena.tokenizers.Tokenizer;
import java.util.Arrays;

/// A request while the engine works on it: its tokens, those of them that are computed, and the
/// pages that hold their keys and values. Used by the engine's thread only, but the answer.
public final class Sequence {
    private final Generation options;
    private final Tokenizer tokenizer;
    private final Sampler sampler;
    private final AnswerText text;
    private final StreamingAnswer answer;
    private final ShownTokens shown;
    private final int context;
    private final SequencePages pages = new SequencePages();
    private int[] tokens;
    private int length;
    private int computed;
    private int answered;
    private long arrival;

    /// @param context tokens at most, prompt and answer together
    public Sequence(
            int[] prompt,
            Generation options,
            long seed,
            Sampler sampler,
            Tokenizer tokenizer,
            int context) {
        this.options = options;
        this.tokenizer = tokenizer;
        this.sampler = sampler;
        this.context = context;
        this.text = new AnswerText(tokenizer.newDetokenizer(false), options.stop());
        this.answer = new StreamingAnswer(seed, prompt.length);
        this.shown = new ShownTokens(text, answer);
        this.tokens = Arrays.copyOf(prompt, Math.min(context, prompt.length + 64));
        this.length = prompt.length;
    }

    /// What its reader sees.
    public Answer answer() {
        return answer;
    }

    StreamingAnswer stream() {
        return answer;
    }

    Sampler sampler() {
        return sampler;
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
    int lackingPages(int count) {
        return Math.max(0, KvPool.pagesFor(computed + count) - pages.count());
    }

    void takePages(SharedPages pool, int count) {
        pool.take(pages, count);
    }

    /// Takes what others have computed of its beginning; returns how many tokens that is.
    int adoptPages(SharedPages pool) {
        computed = pool.adopt(tokens, length, pages);
        return computed;
    }

    /// Offers the pages that are full to others.
    void sealPages(SharedPages pool) {
        pool.seal(tokens, computed, pages);
    }

    /// Gives all pages back; what was computed must be computed again.
    void releasePages(SharedPages pool) {
        pool.release(pages);
        computed = 0;
    }

    /// Notes that `count` more tokens are computed; returns how many of them were of the prompt.
    int advance(int count) {
        int ofPrompt = Math.clamp(length - answered - computed, 0, count);
        computed += count;
        return ofPrompt;
    }

    /// Takes the token that was chosen. Whether the answer goes on.
    boolean take(Choice choice) {
        if (options.maxTokens() == 0) {
            return end(FinishReason.LENGTH);
        }
        boolean mayEnd = !options.ignoreEos() || options.constraint() != null;
        if (mayEnd && tokenizer.endsGeneration(choice.id())) {
            shown.end();
            return end(text.stopString() == null ? FinishReason.END : FinishReason.STOP_STRING);
        }
        answered++;
        sampler.accept(choice.id());
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
            tokens = Arrays.copyOf(tokens, Math.min(context, 2 * length));
        }
        tokens[length++] = id;
    }

    /// Whether the context is full and the oldest half must go.
    boolean mustShift() {
        return length == context;
    }

    /// Forgets the older half of the tokens, but a BOS at the start. Keys depend on positions, so
    /// the rest is computed again.
    void shift(SharedPages pool) {
        releasePages(pool);
        int kept = tokenizer.bos().isPresent() && tokens[0] == tokenizer.bos().getAsInt() ? 1 : 0;
        int dropped = Math.max(1, (length - kept) / 2);
        System.arraycopy(tokens, kept + dropped, tokens, kept, length - kept - dropped);
        length -= dropped;
    }

    void fail(LlmException problem) {
        answer.fail(problem);
    }
}
