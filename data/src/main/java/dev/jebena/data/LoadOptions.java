package dev.jebena.data;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How a data set is read; what is not set is found out.
///
/// @param split such as `train`; null: `train`, or the only one
/// @param config which of the card's configurations; null: the default one
/// @param revision a branch, tag or commit of a hub's repository
/// @param format null: by the files' names
/// @param separator between CSV fields; 0: as the first line looks
/// @param header whether the first line of CSV names the columns
/// @param field where the list is in a JSON file; empty: the file is the list
/// @param types of columns by name, instead of those that the first rows suggest
/// @param limits of what is held in memory
/// @param hub where repositories are
public record LoadOptions(
        @Nullable String split,
        @Nullable String config,
        String revision,
        @Nullable Format format,
        char separator,
        boolean header,
        String field,
        Map<String, FeatureType> types,
        DataLimits limits,
        Hub hub) {
    /// Where the files of a repository come from.
    @FunctionalInterface
    public interface Hub {
        /// The files of a data set's repository, with paths from its root as names. Large ones are
        /// not fetched by that.
        ///
        /// @param repository such as `org/name`
        java.util.List<DataFile> files(String repository, String revision);
    }

    public LoadOptions {
        types = Map.copyOf(types);
    }

    /// Everything found out; the hub of `HF_ENDPOINT` with its cache on this machine.
    public static LoadOptions defaults() {
        return new LoadOptions(
                null,
                null,
                "main",
                null,
                '\0',
                true,
                "",
                Map.of(),
                DataLimits.defaults(),
                HubFiles.standard());
    }

    public LoadOptions split(@Nullable String name) {
        return new LoadOptions(
                name, config, revision, format, separator, header, field, types, limits, hub);
    }

    public LoadOptions config(@Nullable String name) {
        return new LoadOptions(
                split, name, revision, format, separator, header, field, types, limits, hub);
    }

    public LoadOptions revision(String name) {
        return new LoadOptions(
                split, config, name, format, separator, header, field, types, limits, hub);
    }

    public LoadOptions format(@Nullable Format newFormat) {
        return new LoadOptions(
                split, config, revision, newFormat, separator, header, field, types, limits, hub);
    }

    public LoadOptions separator(char c) {
        return new LoadOptions(
                split, config, revision, format, c, header, field, types, limits, hub);
    }

    public LoadOptions header(boolean first) {
        return new LoadOptions(
                split, config, revision, format, separator, first, field, types, limits, hub);
    }

    public LoadOptions field(String name) {
        return new LoadOptions(
                split, config, revision, format, separator, header, name, types, limits, hub);
    }

    /// With this type for a column.
    public LoadOptions type(String column, FeatureType type) {
        Map<String, FeatureType> all = new LinkedHashMap<>(types);
        all.put(column, type);
        return new LoadOptions(
                split, config, revision, format, separator, header, field, all, limits, hub);
    }

    public LoadOptions limits(DataLimits newLimits) {
        return new LoadOptions(
                split, config, revision, format, separator, header, field, types, newLimits, hub);
    }

    public LoadOptions hub(Hub newHub) {
        return new LoadOptions(
                split, config, revision, format, separator, header, field, types, limits, newHub);
    }
}
