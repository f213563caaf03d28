package dev.jebena.transformers;

import dev.jebena.base.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What a pipeline is asked, as JSON.
final class Inputs {
    private Inputs() {}

    /// The answer for a text, or the list of answers for a list of texts.
    static Object each(Task<?> task, @Nullable Object inputs, Function<String, Object> answer) {
        if (inputs instanceof String text) {
            return answer.apply(text);
        }
        if (inputs instanceof List<?> list) {
            List<Object> all = new ArrayList<>();
            for (Object input : list) {
                if (!(input instanceof String text)) {
                    throw wrong(task, "a text or a list of texts");
                }
                all.add(answer.apply(text));
            }
            return all;
        }
        throw wrong(task, "a text or a list of texts");
    }

    static Problem wrong(Task<?> task, String expected) {
        return Problem.badRequest(task + ": inputs must be " + expected);
    }

    /// The place in `text` counted in characters as Python does, where Java counts halves of those
    /// beyond U+FFFF.
    static int codePoints(String text, int index) {
        return text.codePointCount(0, index);
    }
}
