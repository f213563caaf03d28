package dev.jebena.llm;

import org.jspecify.annotations.Nullable;

/// Splits an answer into thinking and what follows while it is being made. The result does not
/// depend on how the answer is cut into pieces.
public final class ReasoningText {
    private enum Place {
        /// Only space has come.
        BEFORE,
        INSIDE,
        /// The end mark has come; space is left out until text comes.
        LEAVING,
        AFTER
    }

    private final ReasoningMarks marks;
    private final @Nullable HarmonyText harmony;
    private final StringBuilder held = new StringBuilder();
    private final StringBuilder thought = new StringBuilder();
    private Place place;
    private boolean begun;

    /// Whether the mark that begins it has come once more.
    private boolean again;

    /// @param open whether the prompt has begun the thinking already
    public ReasoningText(ReasoningMarks marks, boolean open) {
        this.marks = marks;
        harmony = marks.messages() ? new HarmonyText(open) : null;
        place = open ? Place.INSIDE : Place.BEFORE;
    }

    /// Takes the next piece; returns what of it is answer. Its thinking is in [#takeThought].
    public String add(String piece) {
        if (harmony != null) {
            return harmony.add(piece);
        }
        if (place == Place.AFTER) {
            return piece;
        }
        held.append(piece);
        if (place == Place.BEFORE) {
            before();
        }
        if (place == Place.INSIDE) {
            inside();
        }
        return place == Place.LEAVING || place == Place.AFTER ? after() : "";
    }

    private void before() {
        String text = held.toString().stripLeading();
        if (text.startsWith(marks.start())) {
            held.setLength(0);
            held.append(text, marks.start().length(), text.length());
            place = Place.INSIDE;
        } else if (!marks.start().startsWith(text)) {
            place = Place.AFTER;
        }
    }

    private void inside() {
        // A model whose prompt has opened its thinking may open it once more.
        String text = begun ? held.toString() : held.toString().stripLeading();
        if (!begun && !again && marks.start().startsWith(text)) {
            if (text.equals(marks.start())) {
                held.setLength(0);
                again = true;
            }
            return;
        }
        if (!begun && !again && text.startsWith(marks.start())) {
            again = true;
            text = text.substring(marks.start().length()).stripLeading();
        }
        int end = text.indexOf(marks.end());
        if (end >= 0) {
            thought.append(text.substring(0, end).stripTrailing());
            held.setLength(0);
            held.append(text, end + marks.end().length(), text.length());
            place = Place.LEAVING;
            return;
        }
        String sure = text.substring(0, text.length() - unsure(text));
        begun |= !sure.isEmpty();
        thought.append(sure);
        held.setLength(0);
        held.append(text, sure.length(), text.length());
    }

    /// Length of the end of `text` that may be space before the end mark, or a part of it.
    private int unsure(String text) {
        int most = Math.min(marks.end().length() - 1, text.length());
        for (int n = most; n > 0; n--) {
            if (marks.end().startsWith(text.substring(text.length() - n))) {
                String rest = text.substring(0, text.length() - n);
                return text.length() - rest.stripTrailing().length();
            }
        }
        return text.length() - text.stripTrailing().length();
    }

    private String after() {
        String text = place == Place.LEAVING ? held.toString().stripLeading() : held.toString();
        if (text.isEmpty()) {
            return "";
        }
        place = Place.AFTER;
        held.setLength(0);
        return text;
    }

    /// Ends the answer; returns the answer's text that was held back.
    public String end() {
        if (harmony != null) {
            return harmony.end();
        }
        String rest = held.toString();
        held.setLength(0);
        if (place == Place.INSIDE) {
            thought.append(rest.stripTrailing());
            return "";
        }
        boolean shown = place == Place.BEFORE;
        place = Place.AFTER;
        return shown ? rest : "";
    }

    /// Whether the next token belongs to the thinking, as far as is known.
    public boolean thinking() {
        return harmony != null ? harmony.thinking() : place == Place.INSIDE;
    }

    /// The thinking that has come since this was asked last.
    public String takeThought() {
        if (harmony != null) {
            return harmony.takeThought();
        }
        String text = thought.toString();
        thought.setLength(0);
        return text;
    }
}
