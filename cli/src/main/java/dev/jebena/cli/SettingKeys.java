package dev.jebena.cli;

import dev.jebena.base.Suggestions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/// The settings that there are: every option of every command, and what they take.
final class SettingKeys {
    private static final Set<String> NOT_SETTABLE = Set.of("--help", "--version", "--debug");
    private static final Set<String> SECRET = Set.of("serve.api-key");

    private final Map<String, OptionSpec> byKey = new LinkedHashMap<>();

    private SettingKeys(Collection<CommandLine> commands) {
        for (CommandLine line : commands) {
            CommandSpec spec = line.getCommandSpec();
            if (spec.usageMessage().hidden()) {
                continue;
            }
            for (OptionSpec option : spec.options()) {
                if (!NOT_SETTABLE.contains(option.longestName()) && !option.hidden()) {
                    byKey.put(spec.name() + "." + option.longestName().substring(2), option);
                }
            }
        }
    }

    static SettingKeys all() {
        return new SettingKeys(Commands.whole().getSubcommands().values());
    }

    Map<String, OptionSpec> options() {
        return byKey;
    }

    /// A value as it may be shown.
    static String shown(String key, String value) {
        return SECRET.contains(key) ? "********" : value;
    }

    /// The option of `key`; an error with a suggestion when there is none.
    OptionSpec option(String key) {
        OptionSpec option = byKey.get(key);
        if (option == null) {
            throw UserError.usage(unknown(key));
        }
        return option;
    }

    private String unknown(String key) {
        String near = Suggestions.nearest(key, byKey.keySet());
        return "there is no setting " + key + (near == null ? "" : "; did you mean " + near + "?");
    }

    /// Everything that is wrong with `settings`, each with its place.
    List<String> problems(Settings settings) {
        List<String> problems = new ArrayList<>(settings.problems());
        for (Settings.Setting setting : settings.all()) {
            String problem =
                    byKey.containsKey(setting.key())
                            ? problem(setting.key(), setting.value())
                            : unknown(setting.key());
            if (problem != null) {
                problems.add(setting.origin() + ": " + problem);
            }
        }
        return problems;
    }

    /// What is wrong with a value; null when the command takes it.
    @Nullable String problem(String key, String value) {
        OptionSpec option = option(key);
        if (option.arity().max() == 0) {
            return value.equals("true") || value.equals("false")
                    ? null
                    : key + " is \"" + value + "\"; expected true or false";
        }
        CommandLine line = new CommandLine(Commands.named(option.command().name()));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        try {
            line.parseArgs(words(option, value).toArray(String[]::new));
        } catch (MissingParameterException e) {
            // The settings are read; what the command wants besides is not asked here.
            return null;
        } catch (ParameterException e) {
            return key + ": " + e.getMessage();
        }
        return null;
    }

    /// A setting as words of a command line. Options that may be repeated take values with commas
    /// between them.
    static List<String> words(OptionSpec option, String value) {
        if (option.arity().max() == 0) {
            return value.equals("true") ? List.of(option.longestName()) : List.of();
        }
        List<String> words = new ArrayList<>();
        for (String one : option.isMultiValue() ? value.split(",") : new String[] {value}) {
            words.add(option.longestName() + "=" + one.strip());
        }
        return words;
    }

    /// The words of a command line with the settings of its command in front.
    static List<String> complete(CommandSpec spec, Settings settings, List<String> words) {
        List<String> all = new ArrayList<>();
        for (Settings.Setting setting : settings.all()) {
            OptionSpec option = spec.findOption(setting.option());
            boolean given =
                    option != null
                            && List.of(option.names()).stream()
                                    .anyMatch(name -> Settings.isGiven(name, words));
            if (setting.command().equals(spec.name()) && option != null && !given) {
                all.addAll(words(option, setting.value()));
            }
        }
        all.addAll(words);
        return all;
    }
}
