package dev.jebena.transformers;

import dev.jebena.base.Problem;
import dev.jebena.tensor.Tensor;
import dev.jebena.tokenizers.Encoding;
import dev.jebena.tokenizers.Truncation;
import dev.jebena.transformers.internal.model.EncoderModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Guesses the tokens behind masks.
public final class FillMask implements Pipeline {
    private final TextReader reader;
    private final EncoderModel model;
    private final int mask;

    /// A guess.
    ///
    /// @param token its id
    /// @param tokenText the token as text
    /// @param sequence the whole text with it
    public record Filling(float score, int token, String tokenText, String sequence) {
        Map<String, Object> json() {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("score", (double) score);
            fields.put("token", token);
            fields.put("token_str", tokenText);
            fields.put("sequence", sequence);
            return fields;
        }
    }

    /// @param topK how many guesses for a mask
    /// @param targets tokens that are asked for, or the first tokens of words; empty for all
    /// @param truncate whether too long a text is cut instead of refused
    public record Options(int topK, List<String> targets, boolean truncate) {
        public Options {
            targets = List.copyOf(targets);
        }

        public static Options defaults() {
            return new Options(5, List.of(), false);
        }

        public Options withTopK(int value) {
            return new Options(value, targets, truncate);
        }

        public Options withTargets(List<String> value) {
            return new Options(topK, value, truncate);
        }

        public Options withTruncate(boolean value) {
            return new Options(topK, targets, value);
        }
    }

    FillMask(TextReader reader, EncoderModel model) {
        this.reader = reader;
        this.model = model;
        this.mask =
                reader.mask()
                        .orElseThrow(() ->
                                new Problem(
                                        Problem.Code.BAD_FILE,
                                        "fill-mask: the tokenizer has no mask_token"));
    }

    @Override
    public Task<FillMask> task() {
        return Task.FILL_MASK;
    }

    /// How the mask is written in a text.
    public String maskToken() {
        return reader.tokenizer().token(mask);
    }

    /// The best guesses for the one mask in a text.
    public List<Filling> fill(String text) {
        return fillAll(text, Options.defaults()).getFirst();
    }

    /// The best guesses for each mask in a text. Throws BAD_REQUEST when there is none.
    public List<List<Filling>> fillAll(String text, Options options) {
        Truncation truncation =
                options.truncate ? Truncation.to(reader.limit(model.longest())) : null;
        Encoding encoding = reader.encode(text, null, truncation);
        int[] ids = encoding.ids();
        int[] places = IntStream.range(0, ids.length).filter(i -> ids[i] == mask).toArray();
        if (places.length == 0) {
            throw new Problem(
                    Problem.Code.BAD_REQUEST,
                    "fill-mask: there is no mask in the text '" + text + "'",
                    "write " + maskToken() + " for what is to be guessed");
        }
        int[] targets = targets(options.targets);
        Tensor logits = model.logits(ids, encoding.typeIds(), places);
        List<List<Filling>> all = new ArrayList<>();
        for (int i = 0; i < places.length; i++) {
            float[] scores = Scores.softmax(logits.select(0, i).toFloats());
            all.add(best(ids, places[i], scores, targets, options.topK, places.length == 1));
        }
        return all;
    }

    private List<Filling> best(
            int[] ids, int place, float[] scores, int[] targets, int most, boolean single) {
        int[] candidates =
                targets.length > 0 ? targets : IntStream.range(0, scores.length).toArray();
        float[] chosen = new float[candidates.length];
        for (int i = 0; i < chosen.length; i++) {
            chosen[i] = scores[candidates[i]];
        }
        int padding = reader.padding().orElse(-1);
        List<Filling> fillings = new ArrayList<>();
        Scores.ranking(chosen).stream()
                .limit(most)
                .forEach(i -> {
                    int[] filled = ids.clone();
                    filled[place] = candidates[i];
                    int[] shown = Arrays.stream(filled).filter(id -> id != padding).toArray();
                    fillings.add(
                            new Filling(
                                    chosen[i],
                                    candidates[i],
                                    reader.decode(new int[] {candidates[i]}, false),
                                    // Other masks would be left out as special tokens.
                                    reader.decode(shown, single)));
                });
        return fillings;
    }

    private int[] targets(List<String> words) {
        TreeSet<Integer> ids = new TreeSet<>();
        for (String word : words) {
            int[] pieces = reader.tokenizer().encode(word, false, true);
            reader.tokenizer()
                    .id(word)
                    .ifPresentOrElse(
                            ids::add,
                            () -> {
                                if (pieces.length > 0) {
                                    ids.add(pieces[0]);
                                }
                            });
        }
        if (ids.isEmpty() && !words.isEmpty()) {
            throw Problem.badRequest("fill-mask: the vocabulary has none of the targets " + words);
        }
        return ids.stream().mapToInt(Integer::intValue).toArray();
    }

    @Override
    public Object run(@Nullable Object inputs, Map<String, ? extends @Nullable Object> parameters) {
        Parameters given =
                new Parameters(task(), parameters, Set.of("top_k", "targets", "truncation"));
        List<String> targets = given.texts("targets");
        Options options =
                new Options(
                        given.count("top_k", 5),
                        targets == null ? List.of() : targets,
                        given.truncates(false));
        return Inputs.each(
                task(),
                inputs,
                text -> {
                    List<List<Map<String, Object>>> all =
                            fillAll(text, options).stream()
                                    .map(each -> each.stream().map(Filling::json).toList())
                                    .toList();
                    return all.size() == 1 ? all.getFirst() : all;
                });
    }
}
