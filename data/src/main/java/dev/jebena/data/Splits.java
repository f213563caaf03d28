package dev.jebena.data;

import dev.jebena.base.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Which files belong to which split, by their names, as Hugging Face's `datasets` tells it: shards
/// `data/NAME-00000-of-00001`, else folders and else files named after the usual splits, else all
/// are `train`.
final class Splits {
    private static final Pattern SHARD =
            Pattern.compile("data/(.+)-[0-9]{5}-of-[0-9]{5}[^/]*\\.[^/]*");
    private static final Pattern NAME = Pattern.compile("\\w+(\\.\\w+)*");
    private static final Map<String, List<String>> WORDS = new LinkedHashMap<>();
    private static final Set<String> NO_DATA =
            Set.of(
                    "README.md",
                    "config.json",
                    "dataset_info.json",
                    "dataset_infos.json",
                    "dummy_data.zip",
                    "dataset_dict.json");

    static {
        WORDS.put("train", List.of("train", "training"));
        WORDS.put("validation", List.of("validation", "valid", "dev", "val"));
        WORDS.put("test", List.of("test", "testing", "eval", "evaluation"));
    }

    private Splits() {}

    /// The names that a pattern of a card matches, sorted: `*` within a folder, `**` across
    /// folders; hidden files and folders only where the pattern names them.
    static List<String> matching(String pattern, List<String> names) {
        Pattern regex = glob(pattern);
        long hidden = hiddenParts(pattern);
        return names.stream()
                .filter(name -> regex.matcher(name).matches())
                .filter(name -> hiddenParts(name) == hidden)
                .filter(name -> isData(name) || name.endsWith(pattern))
                .sorted()
                .toList();
    }

    private static boolean isData(String name) {
        return !NO_DATA.contains(name.substring(name.lastIndexOf('/') + 1));
    }

    private static long hiddenParts(String path) {
        String[] parts = path.split("/");
        long hidden = 0;
        for (int i = 0; i < parts.length; i++) {
            boolean folder = i < parts.length - 1;
            boolean dots = parts[i].startsWith(".") && !parts[i].matches("\\.+");
            hidden += dots || (folder && parts[i].startsWith("__")) ? 1 : 0;
        }
        return hidden;
    }

    private static Pattern glob(String pattern) {
        String plain = pattern.startsWith("./") ? pattern.substring(2) : pattern;
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < plain.length(); i++) {
            char c = plain.charAt(i);
            if (plain.startsWith("**/", i)) {
                regex.append("(?:.*/)?");
                i += 2;
            } else if (plain.startsWith("**", i)) {
                regex.append(".*");
                i++;
            } else if (c == '*') {
                regex.append("[^/]*");
            } else if (c == '?') {
                regex.append("[^/]");
            } else if (c == '[' && plain.indexOf(']', i + 2) > 0) {
                int end = plain.indexOf(']', i + 2);
                String set = plain.substring(i + 1, end).replace("\\", "\\\\").replace("[", "\\[");
                regex.append('[').append(set.startsWith("!") ? "^" + set.substring(1) : set);
                regex.append(']');
                i = end;
            } else {
                regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL);
    }

    /// Split to names of files, in the usual order.
    static Map<String, List<String>> byName(List<String> all) {
        List<String> names = matching("**", all);
        Map<String, List<String>> shards = shards(names);
        if (!shards.isEmpty()) {
            return shards;
        }
        Map<String, List<String>> folders = byWords(names, true);
        if (!folders.isEmpty()) {
            return folders;
        }
        Map<String, List<String>> files = byWords(names, false);
        if (!files.isEmpty()) {
            return files;
        }
        return names.isEmpty() ? Map.of() : Map.of("train", names);
    }

    private static Map<String, List<String>> shards(List<String> names) {
        Map<String, List<String>> found = new LinkedHashMap<>();
        Set<String> splits = new TreeSet<>();
        for (String name : names) {
            Matcher matcher = SHARD.matcher(name);
            if (matcher.matches()) {
                splits.add(matcher.group(1));
                found.computeIfAbsent(matcher.group(1), _ -> new ArrayList<>()).add(name);
            }
        }
        Map<String, List<String>> ordered = new LinkedHashMap<>();
        Stream.concat(WORDS.keySet().stream(), splits.stream())
                .filter(found::containsKey)
                .forEach(split -> ordered.put(split, found.get(split)));
        for (String split : splits) {
            if (!NAME.matcher(split).matches()) {
                throw new Problem(
                        Problem.Code.BAD_FILE,
                        "the files data/%s-... name a split '%s'".formatted(split, split),
                        "names of splits have letters, digits and _ only");
            }
        }
        return ordered;
    }

    private static Map<String, List<String>> byWords(List<String> names, boolean inFolder) {
        Map<String, List<String>> found = new LinkedHashMap<>();
        WORDS.forEach((split, words) -> {
            Set<String> files = new LinkedHashSet<>();
            for (String word : words) {
                Pattern pattern =
                        Pattern.compile(
                                inFolder
                                        ? "(?:.*/)?(?:[^/]*[-._ 0-9])?"
                                                + word
                                                + "(?:[-._ 0-9][^/]*)?/.*"
                                        : "(?:.*/)?(?:[^/]*[-._ 0-9])?" + word + "[-._ 0-9][^/]*");
                names.stream().filter(n -> pattern.matcher(n).matches()).forEach(files::add);
            }
            if (!files.isEmpty()) {
                found.put(split, List.copyOf(files));
            }
        });
        return found;
    }
}
