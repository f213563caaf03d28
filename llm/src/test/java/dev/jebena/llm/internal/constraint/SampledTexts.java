package dev.jebena.llm.internal.constraint;

import dev.jebena.llm.Constraint;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;

/// Texts that a constraint allows, made by a model that knows nothing over a vocabulary of bytes
/// and special tokens.
public final class SampledTexts {
    private static final int MAX_TOKENS = 400;

    private final List<String> specials = new ArrayList<>();
    private final Vocabulary vocabulary;
    private final Automaton automaton;
    private final int end;

    @SafeVarargs
    public SampledTexts(Constraint constraint, Set<String>... specials) {
        for (Set<String> some : specials) {
            some.stream().sorted().forEach(this.specials::add);
        }
        byte[][] bytes = new byte[257 + this.specials.size()][];
        for (int id = 0; id < bytes.length; id++) {
            bytes[id] = id < 256 ? new byte[] {(byte) id} : new byte[0];
        }
        end = bytes.length - 1;
        vocabulary = Vocabulary.of(bytes, new int[] {end});
        automaton =
                new Automaton(
                        ConstraintGrammar.of(
                                constraint,
                                text -> {
                                    int place = this.specials.indexOf(text);
                                    return place < 0 ? -1 : 256 + place;
                                }),
                        vocabulary);
    }

    /// A text of at most some hundred tokens.
    public String next(Random random) {
        return next(random, MAX_TOKENS);
    }

    String next(Random random, int limit) {
        AutomatonFilter filter = new AutomatonFilter(automaton);
        StringBuilder text = new StringBuilder();
        List<Byte> bytes = new ArrayList<>();
        for (int remaining = limit; remaining > 0; remaining--) {
            int id = any(filter.allowed(remaining), random);
            if (id == end) {
                break;
            }
            filter.accept(id);
            if (id < 256) {
                bytes.add((byte) id);
            } else {
                flush(bytes, text);
                text.append(specials.get(id - 256));
            }
        }
        flush(bytes, text);
        return text.toString();
    }

    private static void flush(List<Byte> bytes, StringBuilder text) {
        byte[] all = new byte[bytes.size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = bytes.get(i);
        }
        text.append(new String(all, StandardCharsets.UTF_8));
        bytes.clear();
    }

    /// One of the tokens of a mask; -1 for none.
    static int any(long[] mask, Random random) {
        int chosen = -1;
        int count = 0;
        for (int id = 0; id < mask.length * 64; id++) {
            if ((mask[id >> 6] >>> id & 1) != 0 && random.nextInt(++count) == 0) {
                chosen = id;
            }
        }
        return chosen;
    }
}
