package dev.jebena.transformers;

import dev.jebena.base.Problem;
import dev.jebena.tokenizers.Encoding;
import dev.jebena.tokenizers.Truncation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Finds the answer to a question in a text.
public final class QuestionAnswering implements Pipeline {
    private static final Set<String> PARAMETERS =
            Set.of(
                    "top_k",
                    "doc_stride",
                    "max_answer_len",
                    "max_seq_len",
                    "max_question_len",
                    "handle_impossible_answer",
                    "align_to_words");
    private static final float IMPOSSIBLE = 1_000_000;

    private final TextScorer scorer;

    /// @param start index of its first `char` in the text
    /// @param end index behind its last `char`
    /// @param answer that part of the text; empty where there is none in it
    public record Found(float score, int start, int end, String answer) {
        Map<String, Object> json(String text) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("score", (double) score);
            fields.put("start", Inputs.codePoints(text, start));
            fields.put("end", Inputs.codePoints(text, end));
            fields.put("answer", answer);
            return fields;
        }
    }

    /// @param topK how many answers at most
    /// @param docStride tokens that the parts of a long text have in common; -1 for half of a part,
    ///   at most 128
    /// @param maxAnswerLength tokens of an answer at most
    /// @param maxLength tokens of a part, with the question; 0 for what the tokenizer says, at most
    ///   384
    /// @param impossible whether there may be no answer
    /// @param alignToWords whether answers begin and end with words
    public record Options(
            int topK,
            int docStride,
            int maxAnswerLength,
            int maxLength,
            boolean impossible,
            boolean alignToWords) {
        public static Options defaults() {
            return new Options(1, -1, 15, 0, false, true);
        }

        public Options withTopK(int value) {
            return new Options(
                    value, docStride, maxAnswerLength, maxLength, impossible, alignToWords);
        }

        public Options withDocStride(int value) {
            return new Options(topK, value, maxAnswerLength, maxLength, impossible, alignToWords);
        }

        public Options withMaxAnswerLength(int value) {
            return new Options(topK, docStride, value, maxLength, impossible, alignToWords);
        }

        public Options withMaxLength(int value) {
            return new Options(topK, docStride, maxAnswerLength, value, impossible, alignToWords);
        }

        public Options withImpossible(boolean value) {
            return new Options(topK, docStride, maxAnswerLength, maxLength, value, alignToWords);
        }

        public Options withAlignToWords(boolean value) {
            return new Options(topK, docStride, maxAnswerLength, maxLength, impossible, value);
        }
    }

    QuestionAnswering(TextScorer scorer) {
        this.scorer = scorer;
    }

    @Override
    public Task<QuestionAnswering> task() {
        return Task.QUESTION_ANSWERING;
    }

    /// The best answer.
    public Found answer(String question, String context) {
        return answers(question, context, Options.defaults()).getFirst();
    }

    /// The best answers, the best first.
    public List<Found> answers(String question, String context, Options options) {
        if (question.isEmpty() || context.isEmpty()) {
            throw Problem.badRequest(
                    "question-answering: the %s is empty"
                            .formatted(question.isEmpty() ? "question" : "context"));
        }
        Truncation truncation = truncation(options);
        TextReader.checkParts(task(), context, truncation.maxLength(), truncation.stride());
        Encoding whole = scorer.reader().encode(question, context, truncation);
        List<Encoding> parts = new ArrayList<>(List.of(whole));
        parts.addAll(whole.overflow());
        List<Found> found = new ArrayList<>();
        float least = IMPOSSIBLE;
        for (Encoding part : parts) {
            AnswerSpans spans = AnswerSpans.of(part, second(part), scorer);
            least = Math.min(least, spans.impossible());
            int most = options.alignToWords ? 2 * options.topK + 10 : options.topK;
            for (AnswerSpans.Span span : spans.best(most, options.maxAnswerLength)) {
                add(found, place(part, span, context, options.alignToWords));
            }
        }
        if (options.impossible) {
            found.add(new Found(least, 0, 0, ""));
        }
        found.sort(Comparator.comparingDouble(each -> -each.score));
        return found.subList(0, Math.min(options.topK, found.size()));
    }

    private Truncation truncation(Options options) {
        int standard = Math.min(scorer.reader().limit(Integer.MAX_VALUE), 384);
        int longest = options.maxLength > 0 ? options.maxLength : standard;
        longest = Math.min(longest, scorer.model().longest());
        int stride = options.docStride >= 0 ? options.docStride : Math.min(longest / 2, 128);
        if (stride > longest) {
            throw Problem.badRequest(
                    "question-answering: doc_stride %d is larger than max_seq_len %d"
                            .formatted(stride, longest));
        }
        return Truncation.to(longest)
                .withStride(stride)
                .withStrategy(Truncation.Strategy.ONLY_SECOND);
    }

    /// Which tokens are of the text, or stand for no answer.
    private boolean[] second(Encoding part) {
        boolean[] allowed = new boolean[part.size()];
        int classification = scorer.reader().classification().orElse(-1);
        int second = secondBegin(part);
        for (int i = 0; i < allowed.length; i++) {
            boolean special = part.specialTokensMask()[i] != 0;
            allowed[i] = (i >= second && !special) || part.ids()[i] == classification;
        }
        return allowed;
    }

    /// The first token of the second text: behind the special ones that follow the first.
    private static int secondBegin(Encoding part) {
        int at = 0;
        int size = part.size();
        while (at < size && part.specialTokensMask()[at] != 0) {
            at++;
        }
        while (at < size && part.specialTokensMask()[at] == 0) {
            at++;
        }
        while (at < size && part.specialTokensMask()[at] != 0) {
            at++;
        }
        return at;
    }

    private static Found place(
            Encoding part, AnswerSpans.Span span, String context, boolean alignToWords) {
        int start = part.starts()[span.first()];
        int end = part.ends()[span.last()];
        int firstWord = part.words()[span.first()];
        int lastWord = part.words()[span.last()];
        if (alignToWords && firstWord >= 0 && lastWord >= 0) {
            int from = secondBegin(part);
            for (int i = from; i < part.size(); i++) {
                boolean special = part.specialTokensMask()[i] != 0;
                if (!special && part.words()[i] == firstWord) {
                    start = Math.min(start, part.starts()[i]);
                }
                if (!special && part.words()[i] == lastWord) {
                    end = Math.max(end, part.ends()[i]);
                }
            }
        }
        String answer = start <= end ? context.substring(start, end) : "";
        return new Found(span.score(), start, end, answer);
    }

    /// The same answer found twice counts once, with both scores.
    private static void add(List<Found> found, Found more) {
        for (int i = 0; i < found.size(); i++) {
            Found one = found.get(i);
            if (one.answer.equalsIgnoreCase(more.answer)) {
                found.set(i, new Found(one.score + more.score, one.start, one.end, one.answer));
                return;
            }
        }
        found.add(more);
    }

    @Override
    public Object run(@Nullable Object inputs, Map<String, ? extends @Nullable Object> parameters) {
        Parameters given = new Parameters(task(), parameters, PARAMETERS);
        Options options =
                new Options(
                        given.count("top_k", 1),
                        given.integer("doc_stride", -1),
                        given.count("max_answer_len", 15),
                        given.integer("max_seq_len", 0),
                        given.flag("handle_impossible_answer", false),
                        given.flag("align_to_words", true));
        if (inputs instanceof List<?> list) {
            return list.stream().map(each -> one(each, options)).toList();
        }
        return one(inputs, options);
    }

    private Object one(@Nullable Object input, Options options) {
        if (input instanceof Map<?, ?> both
                && both.get("question") instanceof String question
                && both.get("context") instanceof String context) {
            List<Map<String, Object>> found =
                    answers(question, context, options).stream()
                            .map(each -> each.json(context))
                            .toList();
            return found.size() == 1 ? found.getFirst() : found;
        }
        throw Inputs.wrong(task(), "an object of question and context, or a list of such");
    }
}
