package dev.jebena.governance;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The words that the hub knows in the fields of a card.
final class CardVocabulary {
    static final List<String> LICENSES = Tables.lines("hub-licenses.txt");
    static final List<String> PIPELINE_TAGS = Tables.lines("pipeline-tags.txt");
    static final List<String> LIBRARIES = Tables.lines("libraries.txt");
    static final List<String> RELATIONS = List.of("finetune", "adapter", "merge", "quantized");

    /// Two-letter codes of ISO 639-1, and the names of languages for those who wrote these.
    static final Set<String> LANGUAGES =
            new LinkedHashSet<>(Arrays.asList(Locale.getISOLanguages()));

    /// Words for what is no one language.
    static final Set<String> SPECIAL_LANGUAGES = Set.of("code", "multilingual");

    private static final Map<String, String> NAMES = names();

    private CardVocabulary() {}

    private static Map<String, String> names() {
        Map<String, String> names = new TreeMap<>();
        for (String code : Locale.getISOLanguages()) {
            Locale language = Locale.of(code);
            names.put(language.getDisplayLanguage(Locale.ENGLISH).toLowerCase(Locale.ROOT), code);
            names.put(language.getDisplayLanguage(language).toLowerCase(Locale.ROOT), code);
        }
        return names;
    }

    /// The code of a language by its name in English or in itself; null for no language.
    static @Nullable String code(String name) {
        return NAMES.get(name.toLowerCase(Locale.ROOT));
    }

    /// Whether the hub takes it as a language: two or three letters, or a special word.
    static boolean isLanguage(String code) {
        return SPECIAL_LANGUAGES.contains(code)
                || LANGUAGES.contains(code)
                || code.matches("[a-z]{3}");
    }

    static Iterable<String> languageNames() {
        return NAMES.keySet();
    }
}
