package dev.jebena.cli;

import dev.jebena.hub.Hub;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What users set once instead of on every command line: options of commands, by the environment
/// (`JEBENA_SERVE_PORT`) or in a file (`serve.port = 8080`). The command line comes first, then the
/// environment, then the file, then the defaults.
///
/// The file is `config` in the data folder, or what `JEBENA_CONFIG` names: a `key = value` a line,
/// `#` begins a comment. A key is a command and the long name of one of its options.
final class Settings {
    private static final long MAX_BYTES = 1 << 20;
    private static final String PREFIX = "JEBENA_";

    /// A value and where it stands.
    ///
    /// @param key as in `serve.port`
    /// @param origin for messages: a variable's name, or a file with its line
    record Setting(String key, String value, String origin) {
        String command() {
            return key.substring(0, Math.max(0, key.indexOf('.')));
        }

        /// As in `--port`.
        String option() {
            return "--" + key.substring(key.indexOf('.') + 1);
        }
    }

    private final Path file;
    private final Map<String, Setting> byKey;
    private final List<String> problems;

    private Settings(Path file, Map<String, Setting> byKey, List<String> problems) {
        this.file = file;
        this.byKey = byKey;
        this.problems = problems;
    }

    /// Where the file is, or would be.
    static Path file(Map<String, String> environment) {
        String named = environment.get("JEBENA_CONFIG");
        return named == null || named.isBlank()
                ? Hub.home(environment).resolve("config")
                : Path.of(named);
    }

    /// The settings of `environment` and of its file. Lines that are none are remembered as
    /// problems.
    ///
    /// @param commands names of commands; a variable counts when it begins with one of them
    static Settings load(Map<String, String> environment, Iterable<String> commands)
            throws IOException {
        Path file = file(environment);
        Map<String, Setting> found = new LinkedHashMap<>();
        List<String> problems = new ArrayList<>();
        if (Files.exists(file)) {
            read(file, found, problems);
        } else if (environment.get("JEBENA_CONFIG") != null) {
            problems.add("JEBENA_CONFIG names " + file + ", which is not there");
        }
        for (String command : commands) {
            String prefix = PREFIX + command.toUpperCase(Locale.ROOT) + "_";
            for (Map.Entry<String, String> variable : environment.entrySet()) {
                String name = variable.getKey();
                if (name.startsWith(prefix)) {
                    String option = name.substring(prefix.length()).toLowerCase(Locale.ROOT);
                    String key = command + "." + option.replace('_', '-');
                    found.put(key, new Setting(key, variable.getValue(), name));
                }
            }
        }
        return new Settings(file, found, problems);
    }

    private static void read(Path file, Map<String, Setting> found, List<String> problems)
            throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            problems.add(file + " is larger than " + MAX_BYTES + " bytes");
            return;
        }
        String[] lines =
                new String(Files.readAllBytes(file), StandardCharsets.UTF_8).split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            String line = lines[i].strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            String where = file + ":" + (i + 1);
            String key = keyOf(line);
            if (key == null) {
                problems.add(where + ": expected key = value, found " + line);
            } else if (found.containsKey(key)) {
                problems.add(where + ": " + key + " is set twice");
            } else {
                String value = line.substring(line.indexOf('=') + 1).strip();
                found.put(key, new Setting(key, value, where));
            }
        }
    }

    /// The key of a line; null when it is no setting.
    static @Nullable String keyOf(String line) {
        int equals = line.indexOf('=');
        String key = equals < 0 ? "" : line.substring(0, equals).strip();
        int dot = key.indexOf('.');
        return dot <= 0 || dot == key.length() - 1 ? null : key;
    }

    static String variable(String key) {
        return PREFIX + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    Path file() {
        return file;
    }

    boolean isEmpty() {
        return byKey.isEmpty() && problems.isEmpty();
    }

    /// All of them, in the order of the file, then the environment's.
    List<Setting> all() {
        return List.copyOf(byKey.values());
    }

    @Nullable Setting get(String key) {
        return byKey.get(key);
    }

    /// Lines that cannot be read.
    List<String> problems() {
        return problems;
    }

    /// `words` of the fast path of `run` with the settings in front of them, as far as they can be
    /// written without knowing the options.
    List<String> before(String command, List<String> words) {
        List<String> all = new ArrayList<>();
        for (Setting setting : byKey.values()) {
            if (!setting.command().equals(command) || isGiven(setting.option(), words)) {
                continue;
            }
            if (!setting.value().equals("false")) {
                all.add(setting.option());
                if (!setting.value().equals("true")) {
                    all.add(setting.value());
                }
            }
        }
        all.addAll(words);
        return all;
    }

    /// Whether the command line has this option.
    static boolean isGiven(String option, List<String> words) {
        for (String word : words) {
            if (word.equals("--")) {
                return false;
            }
            if (word.equals(option) || word.startsWith(option + "=")) {
                return true;
            }
        }
        return false;
    }
}
