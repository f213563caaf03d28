package dev.jebena.llm.internal.constraint;

import dev.jebena.llm.Constraint;
import dev.jebena.llm.Constraint.Trigger;
import dev.jebena.llm.LlmException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Allows everything until a trigger comes, from whose beginning on a constraint holds.
final class LazyFilter implements TokenFilter {
    private final Automaton automaton;
    private final Vocabulary vocabulary;
    private final List<Trigger> triggers;
    private final List<TriggerPattern> patterns = new ArrayList<>();
    private final long[] all;
    private final StringBuilder text = new StringBuilder();

    /// Bytes of a character that is not yet whole.
    private byte[] begun = {};

    private @Nullable AutomatonFilter then;

    LazyFilter(Constraint.Lazy lazy, Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
        this.automaton = vocabulary.automaton(lazy.then());
        this.triggers = lazy.triggers();
        this.all = new long[(vocabulary.bytes().length + 63) / 64];
        Arrays.fill(all, -1);
        for (Trigger trigger : triggers) {
            if (trigger instanceof Trigger.Pattern(String pattern, boolean whole)) {
                patterns.add(new TriggerPattern(pattern, whole));
            }
        }
    }

    @Override
    public long[] allowed(int remaining) {
        return then == null ? all : then.allowed(remaining);
    }

    @Override
    public void prepare(int remaining) {
        if (then != null) {
            then.prepare(remaining);
        }
    }

    @Override
    public void accept(int id) {
        if (then != null) {
            then.accept(id);
            return;
        }
        byte[] bytes = vocabulary.bytes()[id];
        byte[] said = bytes.length > 0 ? bytes : utf8(vocabulary.names().text(id));
        if (triggers.contains(new Trigger.TokenId(id))) {
            begin(id, said);
            return;
        }
        int before = text.length();
        append(said);
        int start = triggered(before);
        if (start >= 0) {
            begin(-1, utf8(text.substring(start)));
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void append(byte[] said) {
        byte[] more = Arrays.copyOf(begun, begun.length + said.length);
        System.arraycopy(said, 0, more, begun.length, said.length);
        int whole = more.length - unfinished(more);
        text.append(new String(more, 0, whole, StandardCharsets.UTF_8));
        begun = Arrays.copyOfRange(more, whole, more.length);
    }

    /// Bytes at the end that begin a character and do not finish it.
    private static int unfinished(byte[] bytes) {
        for (int back = 1; back <= Math.min(3, bytes.length); back++) {
            int b = bytes[bytes.length - back] & 0xff;
            if (b >= 0xc0) {
                int length = b >= 0xf0 ? 4 : b >= 0xe0 ? 3 : 2;
                return length > back ? back : 0;
            }
            if (b < 0x80) {
                return 0;
            }
        }
        return 0;
    }

    /// Where the first trigger in the text begins, or -1.
    ///
    /// @param known length of the text in which there is none
    private int triggered(int known) {
        int first = -1;
        for (Trigger trigger : triggers) {
            if (trigger instanceof Trigger.Word(String word)) {
                int at = text.indexOf(word, Math.max(0, known - word.length() + 1));
                first = at >= 0 && (first < 0 || at < first) ? at : first;
            }
        }
        for (TriggerPattern pattern : patterns) {
            int at = pattern.find(text);
            first = at >= 0 && (first < 0 || at < first) ? at : first;
        }
        return first;
    }

    /// The constraint holds from now on, after what has come of it already.
    ///
    /// @param token the token that is the trigger, or -1
    private void begin(int token, byte[] said) {
        Situation begun = automaton.after(automaton.start(), token, said);
        if (begun == Situation.DEAD) {
            throw new LlmException(
                    LlmException.Code.BAD_REQUEST,
                    "the lazy grammar does not begin with what triggered it: '%s'"
                            .formatted(new String(said, StandardCharsets.UTF_8)));
        }
        then = new AutomatonFilter(automaton, begun);
    }
}
