package dev.jebena.llm.internal.sampling;

import dev.jebena.tokenizers.Detokenizer;
import dev.jebena.tokenizers.Tokenizer;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// The text of an answer as its tokens come: whole characters only, and nothing of a stop string.
public final class AnswerText {
    private final Detokenizer detokenizer;
    private final StopStrings stops;
    private final IntPredicate hidden;
    private int added;

    /// @param visible special tokens that are part of the text
    /// @param special whether all of them are
    public AnswerText(
            Tokenizer tokenizer, List<String> stops, Set<String> visible, boolean special) {
        this.detokenizer = tokenizer.newDetokenizer(special || !visible.isEmpty());
        this.stops = new StopStrings(stops);
        this.hidden =
                special || visible.isEmpty()
                        ? _ -> false
                        : id -> tokenizer.isSpecial(id) && !visible.contains(tokenizer.token(id));
    }

    /// The text that became complete with `id`.
    ///
    /// @param mayStop whether a stop string ends the answer already
    public String add(int id, boolean mayStop) {
        String text = hidden.test(id) ? "" : detokenizer.add(id);
        added = text.length();
        return mayStop ? stops.add(text) : text;
    }

    /// What was held back, at the end of the answer. May complete a stop string.
    public String end() {
        String shown = stops.add(detokenizer.flush());
        return stops.found() == null ? shown + stops.flush() : shown;
    }

    /// Characters that came with the last token, shown or not.
    public int added() {
        return added;
    }

    /// Whether text is held back that may be the beginning of a stop string.
    public boolean holds() {
        return stops.holds();
    }

    /// Characters that the stop string, once it has come, cut off: its own and what followed it.
    public int cut() {
        return stops.cut();
    }

    public @Nullable String stopString() {
        return stops.found();
    }
}
