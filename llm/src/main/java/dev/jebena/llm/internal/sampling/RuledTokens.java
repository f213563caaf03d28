package dev.jebena.llm.internal.sampling;

import dev.jebena.llm.Generation;
import dev.jebena.llm.TokenRules;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The rules for the tokens of one answer while it is made.
final class RuledTokens {
    private final TokenRules rules;
    private final int minTokens;
    private final @Nullable BitSet allowed;
    private final int[] last;
    private int answered;

    RuledTokens(Generation options) {
        rules = options.tokens();
        minTokens = options.minTokens();
        if (rules.allowed() == null) {
            allowed = null;
        } else {
            allowed = new BitSet();
            rules.allowed().forEach(allowed::set);
        }
        last = new int[rules.banned().stream().mapToInt(List::size).max().orElse(0)];
    }

    /// The token that must come next; -1 where any may.
    int forced() {
        return answered < rules.forced().size() ? rules.forced().get(answered) : -1;
    }

    /// Whether [#apply] has anything to do.
    boolean changesLogits() {
        return allowed != null || last.length > 0 || mustNotEnd();
    }

    private boolean mustNotEnd() {
        return answered < minTokens && !rules.ends().isEmpty();
    }

    /// Makes the tokens impossible that may not come next.
    void apply(float[] logits, int count) {
        if (allowed != null) {
            for (int id = allowed.nextClearBit(0); id < count; id = allowed.nextClearBit(id + 1)) {
                logits[id] = Float.NEGATIVE_INFINITY;
            }
        }
        if (mustNotEnd()) {
            rules.ends().forEach(id -> forbid(logits, count, id));
        }
        for (List<Integer> banned : rules.banned()) {
            if (isBegun(banned)) {
                forbid(logits, count, banned.getLast());
            }
        }
    }

    private static void forbid(float[] logits, int count, int id) {
        if (id >= 0 && id < count) {
            logits[id] = Float.NEGATIVE_INFINITY;
        }
    }

    /// Whether the answer ends with all of them but the last.
    private boolean isBegun(List<Integer> banned) {
        int begun = banned.size() - 1;
        if (answered < begun) {
            return false;
        }
        for (int i = 0; i < begun; i++) {
            if (last[(answered - begun + i) % last.length] != banned.get(i)) {
                return false;
            }
        }
        return true;
    }

    void accept(int id) {
        if (last.length > 0) {
            last[answered % last.length] = id;
        }
        answered++;
    }
}
