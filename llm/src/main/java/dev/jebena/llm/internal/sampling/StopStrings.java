package dev.jebena.llm.internal.sampling;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds stop strings in a growing text, and holds back what may be the beginning of one.
final class StopStrings {
    private final List<String> stops;
    private final StringBuilder held = new StringBuilder();
    private @Nullable String found;
    private int cut;

    StopStrings(List<String> stops) {
        this.stops = stops;
    }

    /// The stop string that has come; null while none has.
    @Nullable String found() {
        return found;
    }

    /// Characters from the stop string on.
    int cut() {
        return cut;
    }

    boolean holds() {
        return !held.isEmpty();
    }

    /// The text that can be shown after `text` was added; the text before the stop string, once one
    /// has come.
    String add(String text) {
        if (stops.isEmpty()) {
            return text;
        }
        held.append(text);
        int end = find();
        if (found == null) {
            end = held.length() - openLength();
        }
        String shown = held.substring(0, end);
        cut = found == null ? 0 : held.length() - end;
        held.delete(0, found == null ? end : held.length());
        return shown;
    }

    /// What is held back, when nothing follows it.
    String flush() {
        String rest = held.toString();
        held.setLength(0);
        return rest;
    }

    /// Looks for the stop string that begins first; the longer one where two begin together.
    private int find() {
        int first = -1;
        for (String stop : stops) {
            int at = held.indexOf(stop);
            if (at >= 0
                    && (first < 0
                            || at < first
                            || (at == first && found != null && stop.length() > found.length()))) {
                first = at;
                found = stop;
            }
        }
        return first;
    }

    /// Length of the longest end of the held text that begins a stop string.
    private int openLength() {
        int longest = 0;
        for (String stop : stops) {
            int length = Math.min(stop.length() - 1, held.length());
            while (length > longest
                    && !held.substring(held.length() - length).equals(stop.substring(0, length))) {
                length--;
            }
            longest = Math.max(longest, length);
        }
        return longest;
    }
}
