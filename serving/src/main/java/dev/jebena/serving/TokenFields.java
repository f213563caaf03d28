package dev.jebena.serving;

import dev.jebena.llm.Generation;
import dev.jebena.llm.TokenRules;
import dev.jebena.tokenizers.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// vLLM's fields that speak of tokens: which end an answer, which may come, how much of the prompt
/// is read.
final class TokenFields {
    private static final int MAX_IDS = 1 << 20;
    private static final int MAX_WORDS = 1000;
    private static final int MAX_WORD_CHARACTERS = 1000;

    /// Fields of vLLM that would change the answer and that nothing here can heed.
    private static final List<String> REFUSED =
            List.of("logits_processors", "kv_transfer_params", "mm_processor_kwargs", "vllm_xargs");

    private TokenFields() {}

    /// `base` with the rules for tokens in a request.
    static Generation apply(RequestFields f, Generation base, Tokenizer tokenizer) {
        for (String name : REFUSED) {
            if (f.value(name) instanceof List<?> list ? !list.isEmpty() : f.has(name)) {
                throw f.invalid(name, "is not supported; leave it out");
            }
        }
        TokenRules rules = base.tokens();
        Set<Integer> ends = ids(f, "stop_token_ids", tokenizer);
        if (ends != null) {
            rules = rules.ends(ends);
        }
        Set<Integer> allowed = ids(f, "allowed_token_ids", tokenizer);
        if (allowed != null) {
            if (allowed.isEmpty()) {
                throw f.invalid("allowed_token_ids", "expected at least one token id");
            }
            rules = rules.allowed(allowed);
        }
        if (f.has("bad_words")) {
            rules = rules.banned(banned(f, tokenizer));
        }
        // The text of special tokens is never spread by spaces, so there is nothing to leave out.
        f.flag("spaces_between_special_tokens", true);
        rules = rules.special(!f.flag("skip_special_tokens", !rules.special()));
        return base.tokens(rules);
    }

    private static @Nullable Set<Integer> ids(RequestFields f, String name, Tokenizer tokenizer) {
        List<@Nullable Object> list = f.list(name);
        if (list == null) {
            return null;
        }
        if (list.size() > MAX_IDS) {
            throw f.invalid(name, "at most " + MAX_IDS + " token ids, found " + list.size());
        }
        return IntStream.of(f.ids(name, list, tokenizer.vocabularySize()))
                .boxed()
                .collect(Collectors.toSet());
    }

    /// Each word as it begins a text and as it follows a space.
    private static List<List<Integer>> banned(RequestFields f, Tokenizer tokenizer) {
        List<String> words = f.strings("bad_words");
        List<List<Integer>> banned = new ArrayList<>();
        for (String word : words == null ? List.<String>of() : words) {
            if (word.isBlank()
                    || word.length() > MAX_WORD_CHARACTERS
                    || banned.size() > MAX_WORDS) {
                throw f.invalid(
                        "bad_words",
                        "expected at most %d words of 1 to %d characters"
                                .formatted(MAX_WORDS / 2, MAX_WORD_CHARACTERS));
            }
            for (String form : List.of(word.stripLeading(), " " + word.stripLeading())) {
                int[] ids = tokenizer.encode(form, false, false);
                if (ids.length > 0) {
                    banned.add(IntStream.of(ids).boxed().toList());
                }
            }
        }
        return banned.stream().distinct().toList();
    }

    /// The end of a prompt that `truncate_prompt_tokens` leaves; -1 cuts at what the context holds.
    ///
    /// @param context tokens of prompt and answer at most
    static int[] truncated(RequestFields f, int[] ids, int context) {
        Long most = f.integer("truncate_prompt_tokens", -1, Integer.MAX_VALUE);
        if (most == null) {
            return ids;
        }
        if (most == 0) {
            throw f.invalid("truncate_prompt_tokens", "expected -1 or at least 1, found 0");
        }
        long kept = most < 0 ? context - 1L : most;
        return ids.length <= kept
                ? ids
                : Arrays.copyOfRange(ids, (int) (ids.length - kept), ids.length);
    }
}
