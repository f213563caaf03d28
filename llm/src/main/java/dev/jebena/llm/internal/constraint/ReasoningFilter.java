package dev.jebena.llm.internal.constraint;

import dev.jebena.llm.Reasoning;
import dev.jebena.tokenizers.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// Lets a model think freely, but no longer than it may, before a constraint begins to hold.
public final class ReasoningFilter implements TokenFilter {
    private enum Phase {
        /// Nothing has come yet; the model may begin to think or to answer.
        FIRST,
        THINKING,
        /// The end of the thinking is being written for it.
        ENDING,
        ANSWERING
    }

    private final @Nullable TokenFilter answer;
    private final Reasoning reasoning;
    private final Tokenizer tokenizer;
    private final long[] all;
    private final long[] endless;
    private final int start;
    private final int[] end;
    private final StringBuilder recent = new StringBuilder();
    private Phase phase;
    private int thought;
    private int written;

    /// @param answer what holds after the thinking; null for nothing
    /// @param endTokens tokens that end an answer
    public ReasoningFilter(
            @Nullable TokenFilter answer,
            Reasoning reasoning,
            Tokenizer tokenizer,
            int[] endTokens) {
        this.answer = answer;
        this.reasoning = reasoning;
        this.tokenizer = tokenizer;
        this.all = new long[(tokenizer.vocabularySize() + 63) / 64];
        Arrays.fill(all, -1);
        this.endless = all.clone();
        for (int id : endTokens) {
            endless[id >> 6] &= ~(1L << id);
        }
        OptionalInt known = tokenizer.id(reasoning.start());
        this.start = known.isPresent() ? known.getAsInt() : -1;
        this.end = tokenizer.encode(reasoning.end(), false, true);
        this.phase = reasoning.open() ? Phase.THINKING : Phase.FIRST;
        checkBudget();
    }

    @Override
    public long[] allowed(int remaining) {
        return switch (phase) {
            case FIRST -> first(remaining);
            // An answer that ends within its thinking would not be what the constraint asks for.
            case THINKING -> answer == null ? all : endless;
            case ENDING -> only(end[written]);
            case ANSWERING -> answer == null ? all : answer.allowed(remaining);
        };
    }

    private long[] first(int remaining) {
        if (answer == null) {
            return all;
        }
        long[] allowed = answer.allowed(remaining);
        if (start < 0) {
            return allowed;
        }
        long[] more = Arrays.copyOf(allowed, all.length);
        more[start >> 6] |= 1L << start;
        return more;
    }

    private long[] only(int id) {
        long[] one = new long[all.length];
        one[id >> 6] = 1L << id;
        return one;
    }

    @Override
    public void accept(int id) {
        switch (phase) {
            case FIRST -> begin(id);
            case THINKING -> think(id);
            case ENDING -> {
                if (++written == end.length) {
                    phase = Phase.ANSWERING;
                }
            }
            case ANSWERING -> {
                if (answer != null) {
                    answer.accept(id);
                }
            }
        }
    }

    @Override
    public void prepare(int remaining) {
        if (answer != null && (phase == Phase.FIRST || phase == Phase.ANSWERING)) {
            answer.prepare(remaining);
        }
    }

    private void begin(int id) {
        boolean thinks = id == start;
        phase = thinks ? Phase.THINKING : Phase.ANSWERING;
        if (thinks) {
            checkBudget();
        } else if (answer != null) {
            answer.accept(id);
        }
    }

    private void think(int id) {
        thought++;
        recent.append(new String(tokenizer.bytes(id, true), StandardCharsets.UTF_8));
        if (recent.indexOf(reasoning.end()) >= 0) {
            phase = Phase.ANSWERING;
        } else {
            recent.delete(0, Math.max(0, recent.length() - reasoning.end().length()));
            checkBudget();
        }
    }

    private void checkBudget() {
        boolean spent = reasoning.budget() >= 0 && thought >= reasoning.budget();
        if (phase == Phase.THINKING && spent && end.length > 0) {
            phase = Phase.ENDING;
        }
    }
}
