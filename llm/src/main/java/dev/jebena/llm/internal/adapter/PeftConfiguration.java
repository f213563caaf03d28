package dev.jebena.llm.internal.adapter;

import dev.jebena.formats.FormatException;
import dev.jebena.json.Json;
import dev.jebena.json.JsonException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/// `adapter_config.json` of a PEFT folder: the factor on each module's product, and what cannot be
/// applied at run time.
final class PeftConfiguration {
    private static final long MAX_BYTES = 1 << 20;
    private static final int MAX_PATTERNS = 4096;

    private final Map<String, @Nullable Object> values;
    private final Path file;

    private PeftConfiguration(Map<String, @Nullable Object> values, Path file) {
        this.values = values;
        this.file = file;
    }

    /// Throws [FormatException], or BAD_REQUEST for a kind of adapter that is not supported.
    static PeftConfiguration read(Path file) {
        try {
            long size = Files.size(file);
            if (size > MAX_BYTES) {
                throw new FormatException(
                        "%s has %d bytes; expected at most %d".formatted(file, size, MAX_BYTES));
            }
            Map<String, @Nullable Object> values = Json.object(Json.parse(Files.readString(file)));
            PeftConfiguration configuration = new PeftConfiguration(values, file);
            configuration.refuseOthers();
            return configuration;
        } catch (IOException e) {
            throw new FormatException(
                    "%s cannot be read; an adapter's folder needs it: %s".formatted(file, e), e);
        } catch (JsonException e) {
            throw new FormatException(file + ": " + e.getMessage(), e);
        }
    }

    private void refuseOthers() {
        if (!"LORA".equals(values.get("peft_type"))) {
            throw refused("peft_type", "only LORA adapters can be applied");
        }
        for (String flag : List.of("use_dora", "use_qalora", "lora_bias")) {
            if (Boolean.TRUE.equals(values.get(flag))) {
                throw refused(
                        flag,
                        "such an adapter is more than a product of two matrices; merge it into the model with PEFT first");
            }
        }
        Object bias = values.get("bias");
        if (bias != null && !bias.equals("none")) {
            throw refused("bias", "trained biases cannot be applied; merge the adapter with PEFT");
        }
        for (String list : List.of("modules_to_save", "trainable_token_indices")) {
            if (!isEmpty(values.get(list))) {
                throw refused(
                        list,
                        "whole modules of an adapter cannot be applied; merge it into the model with PEFT first");
            }
        }
    }

    private static boolean isEmpty(@Nullable Object value) {
        return value == null
                || (value instanceof List<?> list && list.isEmpty())
                || (value instanceof Map<?, ?> map && map.isEmpty());
    }

    private RuntimeException refused(String key, String why) {
        String value = Json.write(values.get(key));
        String shown = value.length() > 60 ? value.substring(0, 60) + "..." : value;
        return AdapterReader.bad("adapter_config.json: %s is %s: %s".formatted(key, shown, why));
    }

    /// Factor on the product of a module's halves.
    ///
    /// @param rank that the halves have
    float scale(String module, long rank) {
        double expected = number("r", matching("rank_pattern", module), 0);
        if ((long) expected != rank) {
            throw new FormatException(
                    "%s says rank %d for module %s, but its tensors have rank %d"
                            .formatted(file, (long) expected, module, rank));
        }
        double alpha = number("lora_alpha", matching("alpha_pattern", module), 8);
        boolean root = Boolean.TRUE.equals(values.get("use_rslora"));
        return (float) (alpha / (root ? Math.sqrt((double) rank) : rank));
    }

    private double number(String key, @Nullable Object pattern, double absent) {
        Object value = pattern != null ? pattern : values.get(key);
        if (value == null) {
            return absent;
        }
        if (value instanceof Number number && Double.isFinite(number.doubleValue())) {
            return number.doubleValue();
        }
        throw new FormatException("%s: %s is not a number".formatted(file, key));
    }

    /// The value for the first pattern that the whole module name, or the end of it behind a point,
    /// matches.
    private @Nullable Object matching(String key, String module) {
        if (!(values.get(key) instanceof Map<?, ?> patterns)) {
            return null;
        }
        if (patterns.size() > MAX_PATTERNS) {
            throw new FormatException(
                    "%s: %s has %d patterns; expected at most %d"
                            .formatted(file, key, patterns.size(), MAX_PATTERNS));
        }
        for (Map.Entry<?, ?> each : patterns.entrySet()) {
            String pattern = String.valueOf(each.getKey());
            if (matches(key, pattern, module)) {
                return each.getValue();
            }
        }
        return null;
    }

    private boolean matches(String key, String pattern, String module) {
        if (pattern.matches("[A-Za-z0-9_.]+")) {
            return module.equals(pattern) || module.endsWith("." + pattern);
        }
        try {
            Pattern compiled = Pattern.compile("(?:.*\\.)?(?:" + pattern + ")");
            return compiled.matcher(new LimitedText(module)).matches();
        } catch (PatternSyntaxException | LimitedText.Exceeded | StackOverflowError e) {
            throw new FormatException(
                    "%s: %s has a pattern that cannot be used: %s"
                            .formatted(
                                    file,
                                    key,
                                    pattern.length() > 60
                                            ? pattern.substring(0, 60) + "..."
                                            : pattern),
                    e);
        }
    }
}
