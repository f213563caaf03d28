package dev.jebena.transformers;

import dev.jebena.base.Problem;
import dev.jebena.tokenizers.Encoding;
import dev.jebena.tokenizers.Truncation;
import dev.jebena.transformers.internal.model.SequenceModel;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Writes a text about another one: a summary, a translation, whatever the model was trained for.
public final class TextToText implements Pipeline {
    private final Task<TextToText> task;
    private final TextReader reader;
    private final SequenceModel model;
    private final WritingOptions options;
    private final String prefix;

    /// @param prefix what is put before every text (`summarize: `)
    TextToText(
            Task<TextToText> task,
            TextReader reader,
            SequenceModel model,
            WritingOptions options,
            String prefix) {
        this.task = task;
        this.reader = reader;
        this.model = model;
        this.options = options;
        this.prefix = prefix;
    }

    @Override
    public Task<TextToText> task() {
        return task;
    }

    /// The best text, by what the model's files want.
    public String write(String text) {
        return write(text, Map.of()).getFirst();
    }

    /// The best texts, the best first.
    ///
    /// @param parameters under transformers' names: `max_new_tokens`, `min_length`, `num_beams`,
    ///   `num_return_sequences`, `length_penalty`, `no_repeat_ngram_size`, `do_sample`, ...;
    ///   `truncation` cuts too long a text; `tgt_lang` is the token of a language to write in
    public List<String> write(String text, Map<String, ? extends @Nullable Object> parameters) {
        Set<String> known = new HashSet<>(WritingOptions.NAMES);
        known.addAll(Set.of("truncation", "tgt_lang", "clean_up_tokenization_spaces"));
        Map<String, @Nullable Object> all = flat(parameters);
        Parameters given = new Parameters(task, all, known);
        String language = given.text("tgt_lang", "");
        if (!language.isEmpty()) {
            all.put("forced_bos_token_id", (long) language(language));
        }
        Truncation truncation =
                given.truncates(false) ? Truncation.to(reader.limit(model.longest())) : null;
        Encoding encoding = reader.encode(prefix + text, null, truncation);
        return new Writer(model, options.over(all))
                .write(encoding.ids()).stream().map(this::text).toList();
    }

    /// The hosted inference has the parameters of writing in an object of their own.
    private static Map<String, @Nullable Object> flat(
            Map<String, ? extends @Nullable Object> parameters) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>(parameters);
        if (all.remove("generate_parameters") instanceof Map<?, ?> more) {
            more.forEach((name, value) -> all.put(String.valueOf(name), value));
        }
        return all;
    }

    private int language(String name) {
        OptionalInt token = reader.tokenizer().id(name);
        return token.orElseThrow(() ->
                Problem.badRequest(
                        "%s: the vocabulary has no token for the language '%s'"
                                .formatted(task, name)));
    }

    /// Rows of the table behind the vocabulary stand for nothing.
    private String text(int[] ids) {
        int size = reader.tokenizer().vocabularySize();
        return reader.decode(Arrays.stream(ids).filter(id -> id < size).toArray(), true);
    }

    @Override
    public Object run(@Nullable Object inputs, Map<String, ? extends @Nullable Object> parameters) {
        String name =
                task == Task.SUMMARIZATION
                        ? "summary_text"
                        : task == Task.TRANSLATION ? "translation_text" : "generated_text";
        Object answers =
                Inputs.each(
                        task,
                        inputs,
                        text ->
                                write(text, parameters).stream()
                                        .map(each -> Map.of(name, each))
                                        .toList());
        // Lists of one answer each are one list.
        if (inputs instanceof List
                && answers instanceof List<?> all
                && all.stream().allMatch(each -> each instanceof List<?> l && l.size() == 1)) {
            return all.stream().map(each -> ((List<?>) each).getFirst()).toList();
        }
        return answers;
    }
}
