package dev.jebena.llm.internal.constraint;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/// A model that knows nothing: says any allowed token; after a while it tries to come to an end.
final class RandomWalk {
    private static final int FREE_TOKENS = 60;
    private static final int MAX_TOKENS = 20_000;
    private static final String CLOSING = "\"}]0:,Z-.@";

    private final Vocabulary vocabulary;
    private final Random random;

    RandomWalk(Vocabulary vocabulary, Random random) {
        this.vocabulary = vocabulary;
        this.random = random;
    }

    /// Any text of at most `limit` tokens that is made mostly of the bytes `liked`, where they may
    /// come.
    String text(Automaton automaton, int limit, String liked) {
        AutomatonFilter filter = new AutomatonFilter(automaton);
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        for (int remaining = limit; remaining > 0; remaining--) {
            int id = choose(filter.allowed(remaining), false, liked);
            if (id == vocabulary.ends()[0]) {
                break;
            }
            text.writeBytes(vocabulary.bytes()[id]);
            filter.accept(id);
        }
        return text.toString(StandardCharsets.UTF_8);
    }

    String text(Automaton automaton) {
        AutomatonFilter filter = new AutomatonFilter(automaton);
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        for (int i = 0; i < MAX_TOKENS; i++) {
            int id =
                    choose(
                            filter.allowed(Integer.MAX_VALUE),
                            i > FREE_TOKENS,
                            i > FREE_TOKENS ? CLOSING : "");
            if (id == vocabulary.ends()[0]) {
                return text.toString(StandardCharsets.UTF_8);
            }
            text.writeBytes(vocabulary.bytes()[id]);
            filter.accept(id);
        }
        throw new AssertionError("does not end: " + text.toString(StandardCharsets.UTF_8));
    }

    private int choose(long[] mask, boolean closing, String liked) {
        int end = vocabulary.ends()[0];
        if (isSet(mask, end) && (closing || random.nextInt(4) == 0)) {
            return end;
        }
        if (!liked.isEmpty() && random.nextInt(8) > 0) {
            for (int i = 0; i < liked.length(); i++) {
                char c = liked.charAt(i);
                if (isSet(mask, c)) {
                    return c;
                }
            }
        }
        int count = 0;
        int chosen = -1;
        for (int id = 0; id < mask.length * 64; id++) {
            if (isSet(mask, id) && random.nextInt(++count) == 0) {
                chosen = id;
            }
        }
        if (chosen < 0) {
            throw new AssertionError("no token is allowed");
        }
        return chosen;
    }

    private static boolean isSet(long[] mask, int id) {
        return (mask[id >> 6] >> id & 1) != 0;
    }
}
