package dev.jebena.llm.internal.sampling;

import dev.jebena.tokenizers.Detokenizer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The text of an answer as its tokens come: whole characters only, and nothing of a stop string.
public final class AnswerText {
    private final Detokenizer detokenizer;
    private final StopStrings stops;
    private int added;

    public AnswerText(Detokenizer detokenizer, List<String> stops) {
        this.detokenizer = detokenizer;
        this.stops = new StopStrings(stops);
    }

    /// The text that became complete with `id`.
    ///
    /// @param mayStop whether a stop string ends the answer already
    public String add(int id, boolean mayStop) {
        String text = detokenizer.add(id);
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
