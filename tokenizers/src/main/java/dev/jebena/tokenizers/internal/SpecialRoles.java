package dev.jebena.tokenizers.internal;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/// Which tokens of a folder have a role: by spelling in `tokenizer_config.json` or
/// `special_tokens_map.json`, else by id in `generation_config.json` or `config.json`.
final class SpecialRoles {
    /// A role.
    ///
    /// @param name in Hugging Face's files
    /// @param key in GGUF's metadata
    record Role(String name, String key) {}

    static final List<Role> ROLES =
            List.of(
                    new Role("bos", "bos_token_id"),
                    new Role("eos", "eos_token_id"),
                    new Role("unk", "unknown_token_id"),
                    new Role("sep", "seperator_token_id"),
                    new Role("pad", "padding_token_id"),
                    new Role("cls", "cls_token_id"),
                    new Role("mask", "mask_token_id"));

    private final Map<String, Long> ids = new LinkedHashMap<>();

    /// @param find the id of a spelling, or -1
    /// @param size of the vocabulary
    SpecialRoles(Path folder, ToIntFunction<String> find, int size) {
        List<Fields> files = new ArrayList<>();
        for (String name :
                List.of(
                        "tokenizer_config.json",
                        "special_tokens_map.json",
                        "generation_config.json",
                        "config.json")) {
            Path file = folder.resolve(name);
            if (Files.exists(file)) {
                files.add(JsonTokenizers.read(file));
            }
        }
        for (Role role : ROLES) {
            for (Fields file : files) {
                add(role, file, find, size);
            }
        }
        files.forEach(file -> addEnds(file, size));
    }

    private void add(Role role, Fields file, ToIntFunction<String> find, int size) {
        if (ids.containsKey(role.key)) {
            return;
        }
        Object value = spelling(file.values().get(role.name + "_token"));
        long id = value instanceof String text ? find.applyAsInt(text) : -1;
        if (id < 0) {
            Object stated = file.values().get(role.name + "_token_id");
            Object first = stated instanceof List<?> l && !l.isEmpty() ? l.getFirst() : stated;
            id = first instanceof Long number && number < size ? number : -1;
        }
        if (id >= 0) {
            ids.put(role.key, id);
        }
    }

    private static @Nullable Object spelling(@Nullable Object value) {
        return value instanceof Map<?, ?> token ? token.get("content") : value;
    }

    /// Ids that end an answer by the `generation_config.json` beside a vocabulary.
    static BitSet ends(Path vocabulary, int size) {
        BitSet ends = new BitSet();
        Path beside = vocabulary.resolveSibling("generation_config.json");
        if (Files.exists(beside)) {
            Object stated = JsonTokenizers.read(beside).values().get("eos_token_id");
            for (Object id : stated instanceof List<?> list ? list : Arrays.asList(stated)) {
                if (id instanceof Long end && end >= 0 && end < size) {
                    ends.set(end.intValue());
                }
            }
        }
        return ends;
    }

    /// A GGUF file has room for two more ends of an answer.
    private void addEnds(Fields file, int size) {
        if (!(file.values().get("eos_token_id") instanceof List<?> ends)) {
            return;
        }
        for (Object end : ends) {
            if (end instanceof Long id && id >= 0 && id < size && !ids.containsValue(id)) {
                String key = ids.containsKey("eot_token_id") ? "eom_token_id" : "eot_token_id";
                ids.putIfAbsent(key, id);
            }
        }
    }

    /// Ids by GGUF's key.
    Map<String, Long> ids() {
        return ids;
    }
}
