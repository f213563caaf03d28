package dev.jebena.serving;

import dev.jebena.llm.Constraint;
import dev.jebena.llm.Constraint.Trigger;
import dev.jebena.tokenizers.Tokenizer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// llama.cpp's grammars that hold from a trigger on: `grammar_lazy`, `grammar_triggers` and
/// `preserved_tokens`.
final class LazyGrammar {
    private LazyGrammar() {}

    /// The constraint; `grammar` itself where the request does not want it lazy.
    static Constraint of(RequestFields request, Constraint grammar) {
        if (!request.flag("grammar_lazy", false)) {
            return grammar;
        }
        List<Trigger> triggers = new ArrayList<>();
        for (RequestFields trigger : request.objects("grammar_triggers")) {
            triggers.add(trigger(trigger));
        }
        if (triggers.isEmpty()) {
            throw request.invalid("grammar_triggers", "no triggers set for the lazy grammar");
        }
        return new Constraint.Lazy(grammar, triggers);
    }

    private static Trigger trigger(RequestFields trigger) {
        Object given = trigger.value("type");
        String type = given instanceof String text ? text : String.valueOf(given);
        return switch (type) {
            case "0", "token" -> {
                Long id = trigger.integer("token", 0, Integer.MAX_VALUE);
                if (id == null) {
                    throw trigger.invalid("token", "missing");
                }
                yield new Trigger.TokenId(id.intValue());
            }
            case "1", "word" -> new Trigger.Word(text(trigger));
            case "2", "pattern" -> new Trigger.Pattern(text(trigger), false);
            case "3", "pattern_full" -> new Trigger.Pattern(text(trigger), true);
            default ->
                    throw trigger.invalid(
                            "type",
                            "expected 0 (token), 1 (word), 2 (pattern) or 3 (pattern_full), found "
                                    + type);
        };
    }

    private static String text(RequestFields trigger) {
        String text = trigger.required("value");
        if (text.isEmpty()) {
            throw trigger.invalid("value", "a trigger is empty");
        }
        return text;
    }

    /// `preserved_tokens`: special tokens that are shown in the text. Each has to be one token.
    static Set<String> shown(RequestFields request, Tokenizer tokenizer) {
        Set<String> shown = new HashSet<>();
        List<String> given = request.strings("preserved_tokens");
        for (String text : given == null ? List.<String>of() : given) {
            // llama.cpp passes over those that its vocabulary spells with several tokens.
            if (tokenizer.id(text).isPresent()) {
                shown.add(text);
            }
        }
        return shown;
    }
}
