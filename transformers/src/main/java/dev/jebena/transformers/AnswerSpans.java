package dev.jebena.transformers;

import dev.jebena.tokenizers.Encoding;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// How likely an answer begins and ends at each token of a part of a text.
///
/// @param starts probabilities; that of the first token, which stands for no answer, is 0
/// @param impossible probability that there is no answer
/// @param allowed where an answer may begin and end
record AnswerSpans(float[] starts, float[] ends, float impossible, boolean[] allowed) {
    private static final float NEVER = -10_000;

    /// @param first token
    /// @param last token, part of the answer
    record Span(int first, int last, float score) {}

    static AnswerSpans of(Encoding part, boolean[] allowed, TextScorer scorer) {
        float[][] rows = scorer.rows(part);
        float[] starts = new float[rows.length];
        float[] ends = new float[rows.length];
        for (int i = 0; i < rows.length; i++) {
            starts[i] = allowed[i] ? rows[i][0] : NEVER;
            ends[i] = allowed[i] ? rows[i][1] : NEVER;
        }
        float[] begin = Scores.softmax(starts);
        float[] end = Scores.softmax(ends);
        float impossible = begin[0] * end[0];
        begin[0] = 0;
        end[0] = 0;
        return new AnswerSpans(begin, end, impossible, allowed);
    }

    /// The likeliest spans of at most `longest` tokens, the best first. Those that begin or end
    /// outside of the text count, and are left out then.
    List<Span> best(int most, int longest) {
        List<Span> spans = new ArrayList<>();
        for (int first = 0; first < starts.length; first++) {
            int behind = (int) Math.min(starts.length, (long) first + longest);
            for (int last = first; last < behind; last++) {
                float score = starts[first] * ends[last];
                if (score > 0) {
                    spans.add(new Span(first, last, score));
                }
            }
        }
        spans.sort(Comparator.comparingDouble(span -> -span.score));
        return spans.stream()
                .limit(most)
                .filter(span -> allowed[span.first] && allowed[span.last])
                .toList();
    }
}
