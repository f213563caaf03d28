package dev.jebena.cli;

import dev.jebena.base.DurableFiles;
import dev.jebena.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "config",
        description = {
            "Shows and changes settings that hold for every start.",
            "A setting is an option of a command, such as serve.port. The command line",
            "comes first, then JEBENA_SERVE_PORT and the like, then the file, then the",
            "defaults. list shows what is set and where, with --all the defaults too."
        },
        footer = {
            "  jebena config list",
            "  jebena config set serve.port 8080",
            "  jebena config get run.temperature",
            "  jebena config unset serve.port",
            "  jebena config path"
        })
final class ConfigCommand extends JebenaCommand {
    /// What can be done.
    enum Action {
        list,
        get,
        set,
        unset,
        path
    }

    @Parameters(
            index = "0",
            paramLabel = "ACTION",
            description = "What to do: ${COMPLETION-CANDIDATES}.")
    Action action = Action.list;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "KEY",
            description = "A command and the long name of one of its options.")
    @Nullable String key;

    @Parameters(
            index = "2",
            arity = "0..1",
            paramLabel = "VALUE",
            description = "set: the value; of an option that may be repeated, several with commas.")
    @Nullable String value;

    @Option(names = "--all", description = "list: the defaults too.")
    boolean all;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    int run() throws IOException {
        Settings settings = Settings.load(System.getenv(), Commands.names());
        switch (action) {
            case list -> {
                return list(settings);
            }
            case get -> get(settings);
            case set -> set(settings);
            case unset -> unset(settings);
            case path ->
                    System.out.println(
                            json
                                    ? Json.write(Map.of("path", settings.file().toString()))
                                    : settings.file().toString());
        }
        return ExitCode.OK;
    }

    private String key() {
        if (key == null) {
            throw UserError.usage(action + " needs a KEY, such as serve.port");
        }
        return key;
    }

    private int list(Settings settings) {
        SettingKeys keys = SettingKeys.all();
        List<Map<String, @Nullable Object>> entries = new ArrayList<>();
        for (Map.Entry<String, OptionSpec> entry : keys.options().entrySet()) {
            Settings.Setting setting = settings.get(entry.getKey());
            if (setting != null) {
                entries.add(entry(entry.getKey(), setting.value(), setting.origin()));
            } else if (all) {
                entries.add(entry(entry.getKey(), entry.getValue().defaultValue(), "default"));
            }
        }
        List<String> problems = keys.problems(settings);
        if (json) {
            Map<String, Object> report = new LinkedHashMap<>();
            report.put("settings", entries);
            report.put("problems", problems);
            System.out.println(Json.write(report));
        } else {
            print(entries, settings);
            problems.forEach(problem -> System.err.println("jebena: " + problem));
        }
        return problems.isEmpty() ? ExitCode.OK : ExitCode.FAILED;
    }

    private static void print(List<Map<String, @Nullable Object>> entries, Settings settings) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("KEY", "VALUE", "FROM"));
        for (Map<String, @Nullable Object> entry : entries) {
            Object shown = entry.get("value");
            rows.add(
                    List.of(
                            String.valueOf(entry.get("key")),
                            shown == null ? "-" : shown.toString(),
                            String.valueOf(entry.get("from"))));
        }
        System.out.print(
                entries.isEmpty()
                        ? "nothing is set; the file would be " + settings.file() + "\n"
                        : Tables.of(rows));
    }

    private static Map<String, @Nullable Object> entry(
            String key, @Nullable String value, String from) {
        Map<String, @Nullable Object> entry = new LinkedHashMap<>();
        entry.put("key", key);
        entry.put("value", value == null ? null : SettingKeys.shown(key, value));
        entry.put("from", from);
        return entry;
    }

    private void get(Settings settings) {
        OptionSpec option = SettingKeys.all().option(key());
        Settings.Setting setting = settings.get(key());
        String found = setting == null ? option.defaultValue() : setting.value();
        if (json) {
            System.out.println(
                    Json.write(
                            entry(key(), found, setting == null ? "default" : setting.origin())));
        } else if (found != null) {
            System.out.println(SettingKeys.shown(key(), found));
        }
    }

    private void set(Settings settings) throws IOException {
        if (value == null) {
            throw UserError.usage("set needs a KEY and a VALUE");
        }
        String problem = SettingKeys.all().problem(key(), value);
        if (problem != null || value.contains("\n")) {
            throw UserError.usage(problem != null ? problem : "a value is one line");
        }
        write(settings.file(), key() + " = " + value);
        Settings.Setting now = Settings.load(System.getenv(), Commands.names()).get(key());
        if (now != null && now.origin().equals(Settings.variable(key()))) {
            System.err.println(
                    "set in " + settings.file() + "; but " + now.origin() + " comes before it");
        }
    }

    private void unset(Settings settings) throws IOException {
        Settings.Setting setting = settings.get(key());
        if (setting == null) {
            SettingKeys.all().option(key());
            System.err.println(key() + " is not set");
            return;
        }
        write(settings.file(), null);
    }

    /// Replaces the line of the key, and keeps all others with their comments.
    private void write(Path file, @Nullable String line) throws IOException {
        List<String> lines =
                Files.exists(file)
                        ? new ArrayList<>(Files.readAllLines(file, StandardCharsets.UTF_8))
                        : new ArrayList<>(
                                List.of("# Settings of jebena; jebena config changes them."));
        int at = -1;
        for (int i = 0; i < lines.size(); i++) {
            if (key().equals(Settings.keyOf(lines.get(i).strip()))) {
                at = i;
            }
        }
        if (line != null && at >= 0) {
            lines.set(at, line);
        } else if (line != null) {
            lines.add(line);
        } else if (at >= 0) {
            lines.remove(at);
        } else {
            System.err.println(key() + " comes from " + Settings.variable(key()) + "; unset that");
            return;
        }
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        DurableFiles.write(file, String.join("\n", lines) + "\n");
        try {
            // Keys of the server may stand in it.
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        } catch (UnsupportedOperationException _) {
            // A system without these permissions.
        }
    }
}
