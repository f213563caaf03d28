package dev.jebena.cli;

import dev.jebena.hub.CatalogEntry;
import dev.jebena.hub.Hub;
import dev.jebena.hub.ModelName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/// What may stand at the end of a command line that is being typed: commands, options, their
/// values, models of this machine and of the catalog, keys of settings, files.
final class Completion {
    /// @param candidates words and what they mean
    /// @param files whether files may stand here too
    record Answer(Map<String, String> candidates, boolean files) {}

    private final Map<String, String> found = new LinkedHashMap<>();
    private boolean files;

    private Completion() {}

    /// @param words the words after `jebena`; the last is the one that is being typed
    static Answer of(List<String> words) {
        Completion completion = new Completion();
        String typed = words.isEmpty() ? "" : words.getLast();
        if (words.size() <= 1) {
            completion.commands();
        } else {
            CommandLine line = Commands.whole().getSubcommands().get(words.getFirst());
            if (line != null) {
                completion.within(line.getCommandSpec(), words.subList(1, words.size() - 1), typed);
            }
        }
        String value = typed.startsWith("-") ? typed.replaceFirst("=.*", "=") : "";
        completion
                .found
                .keySet()
                .removeIf(word -> !(value.endsWith("=") || word.startsWith(typed)));
        return new Answer(completion.found, completion.files);
    }

    private void commands() {
        Commands.whole()
                .getSubcommands()
                .forEach((name, line) -> {
                    if (!line.getCommandSpec().usageMessage().hidden()) {
                        found.put(name, line.getCommandSpec().usageMessage().description()[0]);
                    }
                });
        found.put("help", "Shows the help of a command.");
    }

    private void within(CommandSpec spec, List<String> before, String typed) {
        OptionSpec open = before.isEmpty() ? null : spec.findOption(before.getLast());
        if (open != null && open.arity().max() > 0) {
            values(open, spec);
        } else if (typed.startsWith("-") && typed.contains("=")) {
            afterEquals(spec, typed);
        } else if (typed.startsWith("-")) {
            options(spec, before);
        } else {
            positional(spec, before);
        }
    }

    private void afterEquals(CommandSpec spec, String typed) {
        int equals = typed.indexOf('=');
        OptionSpec option = spec.findOption(typed.substring(0, equals));
        if (option == null) {
            return;
        }
        values(option, spec);
        Map<String, String> values = new LinkedHashMap<>(found);
        found.clear();
        values.forEach((value, text) -> {
            if (value.startsWith(typed.substring(equals + 1))) {
                found.put(typed.substring(0, equals + 1) + value, text);
            }
        });
    }

    private void options(CommandSpec spec, List<String> before) {
        for (OptionSpec option : spec.options()) {
            boolean given = Arrays.stream(option.names()).anyMatch(before::contains);
            if (!option.hidden() && (!given || option.isMultiValue())) {
                found.put(option.longestName(), brief(option));
            }
        }
    }

    private static String brief(ArgSpec arg) {
        String text = arg.description().length == 0 ? "" : arg.description()[0];
        return text.replace("%%", "%").replaceAll("\\s*\\([^()]*\\)|\\$\\{[^}]*}", "");
    }

    /// The argument that the typed word is: the number of words before it that are no options and
    /// no values of options.
    private void positional(CommandSpec spec, List<String> before) {
        List<String> words = new ArrayList<>();
        for (int i = 0; i < before.size(); i++) {
            OptionSpec option = spec.findOption(before.get(i));
            if (option != null && option.arity().max() > 0) {
                i++;
            } else if (!before.get(i).startsWith("-")) {
                words.add(before.get(i));
            }
        }
        if (spec.name().equals("config")
                && words.size() == 1
                && !words.getFirst().matches("list|path")) {
            SettingKeys.all().options().forEach((key, option) -> found.put(key, brief(option)));
            return;
        }
        for (PositionalParamSpec argument : spec.positionalParameters()) {
            if (argument.index().contains(words.size())) {
                values(argument, spec);
            }
        }
    }

    private void values(ArgSpec arg, CommandSpec spec) {
        Iterable<String> choices = arg.completionCandidates();
        if (choices != null) {
            choices.forEach(choice -> found.put(choice, ""));
            return;
        }
        String label = arg.paramLabel();
        switch (label) {
            case "MODEL", "SOURCE" -> models(spec.name());
            case "COMMAND" -> commands();
            case "FILE", "OUT" -> files = true;
            default -> files = Path.class.equals(arg.type());
        }
    }

    /// Models here, and for commands that fetch one those of the catalog.
    private void models(String command) {
        Hub hub = Hub.open(Hub.home(System.getenv()));
        hub.store()
                .list()
                .forEach(model ->
                        found.put(
                                withoutLatest(model.name().toString()),
                                model.details().parameterSize() + " parameters, here"));
        if (command.equals("run") || command.equals("pull")) {
            for (CatalogEntry entry : hub.catalog().entries()) {
                for (ModelName name : entry.names()) {
                    found.putIfAbsent(withoutLatest(name.toString()), "of the catalog");
                }
            }
        }
        files = !command.matches("pull|rm|cp|stop");
    }

    private static String withoutLatest(String name) {
        return name.endsWith(":latest") ? name.substring(0, name.length() - 7) : name;
    }
}
