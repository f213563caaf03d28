package dev.jebena.transformers.internal.model;

import dev.jebena.base.Problem;
import dev.jebena.json.Json;
import dev.jebena.json.JsonException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A JSON file of a model's folder, `config.json` above all, with access that names what is wrong.
///
/// @param place the file, for errors
public record ModelConfig(String place, Map<String, @Nullable Object> values) {
    private static final long LARGEST = 16L << 20;
    private static final int MOST_LABELS = 100_000;
    private static final int LARGEST_SIZE = 1 << 24;

    public static ModelConfig read(Path file) {
        try {
            long size = Files.size(file);
            if (size > LARGEST) {
                throw bad(file + ": it has " + size + " bytes, at most " + LARGEST + " are read");
            }
            return new ModelConfig(
                    file.toString(), Json.object(Json.parse(Files.readString(file))));
        } catch (JsonException e) {
            throw bad(file + ": " + e.getMessage());
        } catch (NoSuchFileException e) {
            throw bad(
                    file.getParent()
                            + ": this is no model of transformers: it has no "
                            + file.getFileName());
        } catch (IOException e) {
            throw Problem.storage("cannot read " + file, e);
        }
    }

    /// The same for a file that need not be there: without values then.
    public static ModelConfig optional(Path file) {
        return Files.exists(file) ? read(file) : new ModelConfig(file.toString(), Map.of());
    }

    private static Problem bad(String message) {
        return new Problem(Problem.Code.BAD_FILE, message);
    }

    public boolean has(String key) {
        return values.get(key) != null;
    }

    public String modelType() {
        return text("model_type", "");
    }

    public List<String> architectures() {
        List<String> names = new ArrayList<>();
        if (values.get("architectures") instanceof List<?> list) {
            list.forEach(name -> names.add(String.valueOf(name)));
        }
        return names;
    }

    public String text(String key, String absent) {
        Object value = values.get(key);
        if (value == null) {
            return absent;
        }
        if (value instanceof String text) {
            return text;
        }
        throw wrong(key, "a string", value);
    }

    public boolean flag(String key, boolean absent) {
        Object value = values.get(key);
        if (value == null) {
            return absent;
        }
        if (value instanceof Boolean flag) {
            return flag;
        }
        throw wrong(key, "true or false", value);
    }

    public int integer(String key, int absent) {
        Object value = values.get(key);
        if (value == null) {
            return absent;
        }
        if (value instanceof Number number && number.doubleValue() == number.intValue()) {
            return number.intValue();
        }
        throw wrong(key, "an integer", value);
    }

    /// A size: at least 1, and no larger than anything that there is.
    public int size(String key) {
        return size(key, 0);
    }

    public int size(String key, int absent) {
        int value = integer(key, absent);
        if (value < 1 || value > LARGEST_SIZE) {
            throw wrong(key, "an integer from 1 to " + LARGEST_SIZE, values.get(key));
        }
        return value;
    }

    public double number(String key, double absent) {
        Object value = values.get(key);
        if (value == null) {
            return absent;
        }
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        throw wrong(key, "a number", value);
    }

    /// The names of the classes, in order of their numbers.
    public List<String> labels() {
        List<String> labels = new ArrayList<>();
        if (values.get("id2label") instanceof Map<?, ?> names) {
            if (names.size() > MOST_LABELS) {
                throw bad(place + ": id2label has more than " + MOST_LABELS + " entries");
            }
            for (int i = 0; i < names.size(); i++) {
                Object name = names.get(String.valueOf(i));
                labels.add(name == null ? "LABEL_" + i : String.valueOf(name));
            }
            return labels;
        }
        int count = Math.min(integer("num_labels", 2), MOST_LABELS);
        for (int i = 0; i < count; i++) {
            labels.add("LABEL_" + i);
        }
        return labels;
    }

    /// The object under `key`; without values where there is none.
    public ModelConfig child(String key) {
        return values.get(key) instanceof Map<?, ?> map
                ? new ModelConfig(place + ": " + key, Json.object(map))
                : new ModelConfig(place + ": " + key, Map.of());
    }

    private Problem wrong(String key, String expected, @Nullable Object found) {
        String shown = found instanceof Number ? found.toString() : Json.kind(found);
        return bad("%s: %s must be %s, found %s".formatted(place, key, expected, shown));
    }
}
