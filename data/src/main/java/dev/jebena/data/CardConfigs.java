package dev.jebena.data;

import dev.jebena.base.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// The block `configs:` of a data set's card: which files make up which split.
final class CardConfigs {
    private static final int MAX_CARD = 4 << 20;
    private static final Pattern FRONT =
            Pattern.compile("\\A\\ufeff?---[ \\t]*\\r?\\n(.*?)\\r?\\n---", Pattern.DOTALL);

    private CardConfigs() {}

    /// One configuration.
    ///
    /// @param patterns of each split
    /// @param values everything the card says of it
    record Config(
            String name, boolean isDefault, Map<String, List<String>> patterns, Map<?, ?> values) {}

    /// All configurations of the card; none when there is no card or it names none.
    static List<Config> of(List<DataFile> files) {
        for (DataFile file : files) {
            if (file.name().equals("README.md")) {
                return read(file);
            }
        }
        return List.of();
    }

    private static List<Config> read(DataFile card) {
        String text;
        try (InputStream in = card.open(0)) {
            text = new String(in.readNBytes(MAX_CARD), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw Problem.storage("cannot read the card README.md", e);
        }
        Matcher front = FRONT.matcher(text);
        if (!front.find()) {
            return List.of();
        }
        try {
            Map<?, ?> block = YAMLMapper.builder().build().readValue(front.group(1), Map.class);
            return block != null && block.get("configs") instanceof List<?> list
                    ? configs(list)
                    : List.of();
        } catch (JacksonException e) {
            throw bad("its YAML block is not valid: " + e.getOriginalMessage(), e);
        }
    }

    private static Problem bad(String what, @Nullable Throwable cause) {
        return new Problem(
                Problem.Code.BAD_FILE,
                "README.md: " + what,
                "mend the card, or name a file of the repository instead",
                cause);
    }

    private static List<Config> configs(List<?> list) {
        List<Config> configs = new ArrayList<>();
        for (Object item : list) {
            if (!(item instanceof Map<?, ?> map)) {
                throw bad("an entry of configs is not a block of keys", null);
            }
            String folder =
                    map.get("data_dir") instanceof String dir ? dir.replaceAll("/+$", "") : "";
            configs.add(
                    new Config(
                            String.valueOf(
                                    map.containsKey("config_name")
                                            ? map.get("config_name")
                                            : "default"),
                            Boolean.TRUE.equals(map.get("default")),
                            patterns(map.get("data_files"), folder),
                            map));
        }
        return configs;
    }

    private static Map<String, List<String>> patterns(@Nullable Object files, String folder) {
        Map<String, List<String>> patterns = new LinkedHashMap<>();
        switch (files) {
            case null -> {
                if (!folder.isEmpty()) {
                    patterns.put("", List.of(folder + "/**"));
                }
            }
            case String one -> patterns.put("train", List.of(inside(folder, one)));
            case Map<?, ?> map ->
                    map.forEach(
                            (split, p) -> patterns.put(String.valueOf(split), paths(p, folder)));
            case List<?> list when !list.isEmpty() && list.getFirst() instanceof Map<?, ?> -> {
                for (Object item : list) {
                    if (!(item instanceof Map<?, ?> one) || !one.containsKey("path")) {
                        throw bad("an entry of data_files has no path: " + item, null);
                    }
                    patterns.put(
                            String.valueOf(one.containsKey("split") ? one.get("split") : "train"),
                            paths(one.get("path"), folder));
                }
            }
            default -> patterns.put("train", paths(files, folder));
        }
        return patterns;
    }

    private static List<String> paths(@Nullable Object path, String folder) {
        return path instanceof List<?> list
                ? list.stream().map(p -> inside(folder, String.valueOf(p))).toList()
                : List.of(inside(folder, String.valueOf(path)));
    }

    private static String inside(String folder, String pattern) {
        return folder.isEmpty() ? pattern : folder + "/" + pattern;
    }
}
