package dev.jebena.cli;

import dev.jebena.base.Suggestions;
import dev.jebena.data.DataLimits;
import dev.jebena.data.FeatureType;
import dev.jebena.data.FeatureType.Value;
import dev.jebena.data.Format;
import dev.jebena.data.LoadOptions;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How a data set is read.
final class DataSource {
    private static final Map<String, FeatureType> TYPES = new LinkedHashMap<>();

    static {
        TYPES.put("string", Value.STRING);
        TYPES.put("int64", Value.INT64);
        TYPES.put("float64", Value.FLOAT64);
        TYPES.put("bool", Value.BOOL);
        TYPES.put("date", Value.DATE);
        TYPES.put("time", Value.TIME);
        TYPES.put("timestamp", Value.TIMESTAMP);
    }

    @Option(
            names = "--split",
            paramLabel = "NAME",
            description = "Which part (default: train, or the only one).")
    @Nullable String split;

    @Option(
            names = "--config",
            paramLabel = "NAME",
            description = "Which configuration of the data set's card.")
    @Nullable String config;

    @Option(
            names = "--revision",
            paramLabel = "NAME",
            description = "A branch, tag or commit of a hub's data set (default main).")
    String revision = "main";

    @Option(
            names = "--format",
            paramLabel = "NAME",
            description = "Instead of what the files' names say: ${COMPLETION-CANDIDATES}.")
    @Nullable Format format;

    @Option(
            names = "--separator",
            paramLabel = "C",
            description = "Between CSV fields; \\t is a tab.")
    String separator = "";

    @Option(names = "--no-header", description = "The first line of CSV is a row.")
    boolean noHeader;

    @Option(
            names = "--field",
            paramLabel = "NAME",
            description = "Where the list is in a JSON file.")
    String field = "";

    @Option(
            names = "--type",
            paramLabel = "NAME=TYPE",
            description = {
                "A column's type: string, int64, float64, bool, date, time,",
                "timestamp; may be repeated."
            })
    Map<String, String> types = new LinkedHashMap<>();

    @Option(
            names = "--max-record",
            paramLabel = "MB",
            description = "Refuse larger rows (default 64).")
    int maxRecord = 64;

    LoadOptions options() {
        if (maxRecord < 1 || maxRecord > 1_000) {
            throw UserError.usage("--max-record is %d; expected 1 to 1000".formatted(maxRecord));
        }
        LoadOptions options =
                LoadOptions.defaults()
                        .split(split)
                        .config(config)
                        .revision(revision)
                        .format(format)
                        .separator(separator())
                        .header(!noHeader)
                        .field(field)
                        .limits(DataLimits.defaults().recordBytes(maxRecord << 20));
        for (Map.Entry<String, String> type : types.entrySet()) {
            options = options.type(type.getKey(), type(type.getValue()));
        }
        return options;
    }

    private char separator() {
        String one = separator.equals("\\t") ? "\t" : separator;
        if (one.length() > 1) {
            throw UserError.usage(
                    "--separator is '%s'; expected one character".formatted(separator));
        }
        return one.isEmpty() ? '\0' : one.charAt(0);
    }

    private static FeatureType type(String name) {
        FeatureType type = TYPES.get(name);
        if (type == null) {
            String near = Suggestions.nearest(name, TYPES.keySet());
            throw UserError.usage(
                    "there is no type %s%s\ntypes: %s"
                            .formatted(
                                    name,
                                    near == null ? "" : "; did you mean " + near + "?",
                                    String.join(", ", TYPES.keySet())));
        }
        return type;
    }
}
