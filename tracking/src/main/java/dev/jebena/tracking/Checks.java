package dev.jebena.tracking;

import dev.jebena.base.HttpJson;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What names and values may be, with MLflow's limits and messages.
final class Checks {
    static final int KEY = 250;
    static final int PARAM_VALUE = 6000;
    static final int TAG_VALUE = 8000;
    static final int REGISTRY_TAG_VALUE = 100_000;
    static final int METRICS_PER_BATCH = 1000;
    static final int PARAMS_PER_BATCH = 100;

    private static final Pattern NAME =
            Pattern.compile("[/\\w.\\- :]*", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern RUN_ID = Pattern.compile("[a-zA-Z0-9][\\w\\-]{0,255}");
    private static final Pattern ALIAS = Pattern.compile("[\\w\\-]*");
    private static final Pattern VERSION_ALIAS = Pattern.compile("[vV]\\d+");

    private Checks() {}

    /// Metric, param and tag keys.
    static void name(String field, String name) {
        if (!NAME.matcher(name).matches()) {
            throw invalid(
                    field,
                    name,
                    "Names may only contain alphanumerics, underscores (_), dashes (-), periods"
                            + " (.), spaces ( ), colon(:) and slashes (/).");
        }
        String normal = normalized(name);
        if (!normal.equals(name) || normal.startsWith("..") || normal.startsWith("/")) {
            throw invalid(
                    field,
                    name,
                    "Names may be treated as files in certain cases, and must not resolve to other"
                            + " names when treated as such. This name would resolve to '"
                            + (normal.isEmpty() ? "." : normal)
                            + "'");
        }
    }

    private static String normalized(String name) {
        boolean simple =
                !name.isEmpty()
                        && !name.contains("//")
                        && !name.contains("./")
                        && !name.endsWith("/")
                        && !name.endsWith(".");
        return simple
                ? name
                : Path.of("/", name).normalize().toString().substring(name.startsWith("/") ? 0 : 1);
    }

    static RuntimeException invalid(String field, Object value, String why) {
        return MlflowError.invalid(
                "Invalid value "
                        + HttpJson.text(value)
                        + " for parameter '"
                        + field
                        + "' supplied: "
                        + why);
    }

    /// A key of a param or tag.
    static void key(String field, String key) {
        if (key.isEmpty()) {
            throw invalid(field, "", "A key name must be provided.");
        }
        name(field, key);
        length(field, key, KEY);
    }

    static void length(String field, @Nullable String value, int most) {
        if (value != null && value.length() > most) {
            throw MlflowError.invalid(
                    "'" + field + "' exceeds the maximum length of " + most + " characters");
        }
    }

    /// The value, cut where it is too long, as MLflow's server does.
    static String cut(String value, int most) {
        return value.length() <= most ? value : value.substring(0, most);
    }

    static void runId(String id) {
        if (!RUN_ID.matcher(id).matches()) {
            throw MlflowError.invalid(
                    "Invalid value " + HttpJson.text(id) + " for parameter 'run_id' supplied.");
        }
    }

    static long experimentId(String id) {
        if (!id.matches("[a-zA-Z0-9][\\w\\-]{0,63}")) {
            throw MlflowError.invalid("Invalid experiment ID: '" + id + "'");
        }
        if (!id.matches("\\d{1,18}")) {
            throw MlflowError.invalid(
                    "Invalid experiment ID '" + id + "'. Experiment ID must be a valid integer.");
        }
        return Long.parseLong(id);
    }

    static void metric(String path, Metric metric) {
        if (metric.key().isEmpty()) {
            throw MlflowError.required(path + "key");
        }
        name(path + "name", metric.key());
        if (metric.timestamp() < 0) {
            throw invalid(
                    path + "timestamp",
                    metric.timestamp(),
                    "metric '%s' (value=%s). Timestamp must be a nonnegative long (64-bit integer) "
                            .formatted(metric.key(), metric.value()));
        }
        length("Metric name", metric.key(), KEY);
    }

    static void batch(String what, int most, int count) {
        if (count > most) {
            throw MlflowError.invalid(
                    "A batch logging request can contain at most %d %s. Got %d %s. Please split up %s across multiple requests and try again."
                            .formatted(most, what, count, what, what));
        }
    }

    static void modelName(@Nullable String name) {
        if (name == null || name.isEmpty()) {
            throw MlflowError.invalid("Registered model name cannot be empty.");
        }
        if (name.contains("/") || name.contains(":")) {
            throw MlflowError.invalid(
                    "Invalid name: '" + name + "'. Names cannot contain '/' or ':'.");
        }
    }

    static void registryTags(Map<String, String> tags) {
        tags.forEach((key, value) -> {
            key("key", key);
            length("value", value, REGISTRY_TAG_VALUE);
        });
    }

    static void alias(String alias) {
        if (alias.isEmpty()) {
            throw MlflowError.invalid("Registered model alias name cannot be empty.");
        }
        if (!ALIAS.matcher(alias).matches()) {
            throw MlflowError.invalid(
                    "Invalid alias name: '"
                            + alias
                            + "'. Names may only contain alphanumerics, underscores (_), and dashes"
                            + " (-).");
        }
        length("Registered model alias name", alias, 255);
        if (alias.toLowerCase(Locale.ROOT).equals("latest")) {
            throw MlflowError.invalid("'latest' alias name (case insensitive) is reserved.");
        }
        if (VERSION_ALIAS.matcher(alias).matches()) {
            throw MlflowError.invalid("Version alias name '" + alias + "' is reserved.");
        }
    }

    static void oneOf(String field, String value, Collection<String> allowed) {
        if (!allowed.contains(value)) {
            throw invalid(field, value, "Value must be one of " + String.join(", ", allowed) + ".");
        }
    }
}
