package dev.jebena.tracking;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A whole run on its way from one store to another.
///
/// @param experiment id in the store that it comes from
/// @param deleted when it was deleted; null when it was not
/// @param metrics the whole histories, by time
/// @param modelInputs ids of logged models
/// @param modelOutputs ids of logged models, each with its step
record RunCopy(
        String id,
        String experiment,
        String name,
        String user,
        String status,
        @Nullable Long start,
        @Nullable Long end,
        @Nullable Long deleted,
        String lifecycle,
        String artifactUri,
        Map<String, String> params,
        Map<String, String> tags,
        Map<String, List<MetricPoint>> metrics,
        List<DatasetCopy> datasets,
        List<String> modelInputs,
        Map<String, Long> modelOutputs) {}
