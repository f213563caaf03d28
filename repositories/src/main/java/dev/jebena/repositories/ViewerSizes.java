package dev.jebena.repositories;

import dev.jebena.base.HttpJson;
import dev.jebena.data.Features;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The viewer's `/size` and `/info`: how many rows and bytes splits, configurations and the whole
/// data set have.
final class ViewerSizes {
    /// What one configuration has.
    private record Config(String name, Features features, List<Split> splits) {}

    private record Split(
            String name, long rows, boolean partial, long bytes, long parquet, int columns) {}

    /// Sums over some splits.
    private record Sum(long rows, long bytes, long parquet, boolean partial) {
        static Sum of(List<Split> splits) {
            return new Sum(
                    splits.stream().mapToLong(Split::rows).sum(),
                    splits.stream().mapToLong(Split::bytes).sum(),
                    splits.stream().mapToLong(Split::parquet).sum(),
                    splits.stream().anyMatch(Split::partial));
        }

        void into(Map<String, @Nullable Object> json) {
            json.put("num_bytes_original_files", bytes);
            json.put("num_bytes_parquet_files", parquet);
            json.put("num_bytes_memory", bytes);
            json.put("num_rows", rows);
        }
    }

    private ViewerSizes() {}

    private static Config config(ViewerRequest request, String name) {
        List<Split> splits = new ArrayList<>();
        Features features = Features.none();
        for (String split : request.view().splits(name)) {
            ViewedSplit opened = request.open(name, split);
            features = features.size() == 0 ? opened.data().features() : features;
            ViewedSplit.Count count = opened.count();
            splits.add(
                    new Split(
                            split,
                            count.rows(),
                            count.partial(),
                            opened.bytes(),
                            opened.isParquet() ? opened.bytes() : 0,
                            opened.data().features().size()));
        }
        return new Config(name, features, splits);
    }

    /// The configurations that can be read; what is wrong with the others goes into `failed`.
    private static List<Config> configs(ViewerRequest request, List<Object> failed) {
        boolean one = isOne(request);
        List<Config> found = new ArrayList<>();
        for (String name : request.configs()) {
            try {
                found.add(config(request, name));
            } catch (HubError e) {
                if (one) {
                    throw e;
                }
                failed.add(request.failure(name, e));
            }
        }
        return found;
    }

    private static boolean isOne(ViewerRequest request) {
        String config = request.exchange().query("config");
        return config != null && !config.isEmpty();
    }

    static Object size(ViewerRequest request) {
        List<Object> failed = new ArrayList<>();
        List<Config> configs = configs(request, failed);
        List<Split> all = configs.stream().flatMap(c -> c.splits().stream()).toList();
        List<Object> ofConfigs = configs.stream().map(c -> (Object) size(request, c)).toList();
        List<Object> ofSplits = new ArrayList<>();
        for (Config config : configs) {
            config.splits().forEach(split -> ofSplits.add(size(request, config, split)));
        }
        Sum sum = Sum.of(all);
        if (isOne(request)) {
            return HttpJson.object(
                    "size",
                    HttpJson.object("config", ofConfigs.getFirst(), "splits", ofSplits),
                    "partial",
                    sum.partial());
        }
        Map<String, @Nullable Object> whole =
                HttpJson.object("dataset", request.repo().name().id());
        sum.into(whole);
        whole.put("estimated_num_rows", null);
        return HttpJson.object(
                "size",
                HttpJson.object("dataset", whole, "configs", ofConfigs, "splits", ofSplits),
                "pending",
                List.of(),
                "failed",
                failed,
                "partial",
                sum.partial());
    }

    private static Map<String, @Nullable Object> size(ViewerRequest request, Config config) {
        Map<String, @Nullable Object> json = request.place(config.name());
        Sum.of(config.splits()).into(json);
        json.put("num_columns", config.features().size());
        json.put("estimated_num_rows", null);
        return json;
    }

    private static Map<String, @Nullable Object> size(
            ViewerRequest request, Config config, Split split) {
        Map<String, @Nullable Object> json = request.place(config.name(), split.name());
        json.put("num_bytes_parquet_files", split.parquet());
        json.put("num_bytes_memory", split.bytes());
        json.put("num_rows", split.rows());
        json.put("num_columns", split.columns());
        json.put("estimated_num_rows", null);
        return json;
    }

    static Object info(ViewerRequest request) {
        List<Object> failed = new ArrayList<>();
        List<Config> configs = configs(request, failed);
        boolean partial = configs.stream().anyMatch(c -> Sum.of(c.splits()).partial());
        Map<String, @Nullable Object> all = HttpJson.object();
        configs.forEach(config -> all.put(config.name(), info(request, config)));
        return isOne(request)
                ? HttpJson.object(
                        "dataset_info", all.values().iterator().next(), "partial", partial)
                : HttpJson.object(
                        "dataset_info",
                        all,
                        "pending",
                        List.of(),
                        "failed",
                        failed,
                        "partial",
                        partial);
    }

    private static Map<String, @Nullable Object> info(ViewerRequest request, Config config) {
        String dataset = request.repo().name().name();
        Map<String, @Nullable Object> splits = HttpJson.object();
        for (Split split : config.splits()) {
            splits.put(
                    split.name(),
                    HttpJson.object(
                            "name",
                            split.name(),
                            "num_bytes",
                            split.bytes(),
                            "num_examples",
                            split.rows(),
                            "dataset_name",
                            dataset));
        }
        Sum sum = Sum.of(config.splits());
        return HttpJson.object(
                "description",
                "",
                "citation",
                "",
                "homepage",
                "",
                "license",
                "",
                "features",
                config.features().json(),
                "builder_name",
                request.view().files(config.name()).format().toString(),
                "dataset_name",
                dataset,
                "config_name",
                config.name(),
                "version",
                HttpJson.object("version_str", "0.0.0", "major", 0, "minor", 0, "patch", 0),
                "splits",
                splits,
                "download_size",
                sum.bytes(),
                "dataset_size",
                sum.bytes());
    }
}
