package dev.jebena.hub;

import dev.jebena.base.Problem;
import dev.jebena.base.Suggestions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The options a model can carry, under Ollama's names, and their types.
public final class ModelParameters {
    private enum Type {
        INTEGER,
        NUMBER,
        BOOLEAN,
        TEXTS
    }

    private static final Map<String, Type> TYPES = new LinkedHashMap<>();

    static {
        for (String name :
                List.of(
                        "num_ctx",
                        "num_batch",
                        "num_gpu",
                        "main_gpu",
                        "num_thread",
                        "num_keep",
                        "seed",
                        "num_predict",
                        "top_k",
                        "repeat_last_n",
                        "mirostat",
                        "num_gqa",
                        "draft_num_predict")) {
            TYPES.put(name, Type.INTEGER);
        }
        for (String name :
                List.of(
                        "temperature",
                        "top_p",
                        "min_p",
                        "typical_p",
                        "tfs_z",
                        "repeat_penalty",
                        "presence_penalty",
                        "frequency_penalty",
                        "mirostat_tau",
                        "mirostat_eta",
                        "rope_frequency_base",
                        "rope_frequency_scale")) {
            TYPES.put(name, Type.NUMBER);
        }
        for (String name :
                List.of(
                        "penalize_newline",
                        "numa",
                        "low_vram",
                        "f16_kv",
                        "use_mmap",
                        "use_mlock",
                        "vocab_only",
                        "logits_all")) {
            TYPES.put(name, Type.BOOLEAN);
        }
        TYPES.put("stop", Type.TEXTS);
    }

    private ModelParameters() {}

    /// Reads one parameter as it stands in a Modelfile and adds it; `stop` may be given often.
    static void add(Map<String, Object> to, String name, String text) {
        Object value = value(name, text);
        if (type(name) == Type.TEXTS) {
            List<Object> all = new ArrayList<>();
            if (to.get(name) instanceof List<?> before) {
                all.addAll(before);
            }
            all.add(value);
            to.put(name, List.copyOf(all));
        } else {
            to.put(name, value);
        }
    }

    /// Checks names and types of options as an API call gives them, and normalizes the values.
    static Map<String, Object> checked(Map<String, ?> options) {
        Map<String, Object> checked = new LinkedHashMap<>();
        for (Map.Entry<String, ?> option : options.entrySet()) {
            Object value = option.getValue();
            if (value instanceof List<?> list) {
                type(option.getKey());
                for (Object element : list) {
                    add(checked, option.getKey(), String.valueOf(element));
                }
            } else if (value != null) {
                add(checked, option.getKey(), String.valueOf(value));
            }
        }
        return checked;
    }

    /// One parameter a line, as `show` prints them.
    public static String print(Map<String, Object> parameters) {
        List<String> lines = new ArrayList<>();
        parameters.forEach((name, value) -> {
            List<?> values = value instanceof List<?> list ? list : List.of(value);
            for (Object one : values) {
                String text = one instanceof String s ? "\"" + s + "\"" : String.valueOf(one);
                lines.add("%-30s %s".formatted(name, text));
            }
        });
        return String.join("\n", lines);
    }

    private static Object value(String name, String text) {
        try {
            return switch (type(name)) {
                case INTEGER -> integer(text.strip());
                case NUMBER -> finite(Double.parseDouble(text.strip()));
                case BOOLEAN ->
                        switch (text.strip().toLowerCase(java.util.Locale.ROOT)) {
                            case "true", "1" -> true;
                            case "false", "0" -> false;
                            default -> throw new NumberFormatException("not true or false");
                        };
                case TEXTS -> text;
            };
        } catch (NumberFormatException e) {
            throw new Problem(
                    Problem.Code.BAD_REQUEST,
                    "parameter %s: expected %s, got '%s'"
                            .formatted(
                                    name,
                                    switch (type(name)) {
                                        case INTEGER -> "an integer";
                                        case NUMBER -> "a number";
                                        case BOOLEAN -> "true or false";
                                        case TEXTS -> "a text";
                                    },
                                    text.length() > 60 ? text.substring(0, 60) + "..." : text),
                    null,
                    e);
        }
    }

    /// JSON libraries give 5.0 for an integer option at times.
    private static long integer(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            double value = Double.parseDouble(text);
            if (value != Math.rint(value) || Math.abs(value) > 1e15) {
                throw e;
            }
            return (long) value;
        }
    }

    private static double finite(double value) {
        if (!Double.isFinite(value)) {
            throw new NumberFormatException("not finite");
        }
        return value;
    }

    private static Type type(String name) {
        Type type = TYPES.get(name);
        if (type == null) {
            String near = Suggestions.nearest(name, TYPES.keySet());
            throw Problem.badRequest(
                    "unknown parameter '%s'%s"
                            .formatted(
                                    name.length() > 60 ? name.substring(0, 60) + "..." : name,
                                    near == null ? "" : "; did you mean '" + near + "'?"));
        }
        return type;
    }

    /// Later options replace earlier ones of the same name.
    static Map<String, Object> merge(
            @Nullable Map<String, Object> inherited, Map<String, Object> own) {
        Map<String, Object> merged = new LinkedHashMap<>(inherited == null ? Map.of() : inherited);
        merged.putAll(own);
        return merged;
    }
}
