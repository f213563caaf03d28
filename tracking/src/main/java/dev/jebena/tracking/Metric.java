package dev.jebena.tracking;

import org.jspecify.annotations.Nullable;

/// A value of a run's metric at a step.
///
/// @param timestamp milliseconds since 1970
/// @param model the logged model that it was measured on, and the data set; null for none
record Metric(
        String key,
        double value,
        long timestamp,
        long step,
        @Nullable String model,
        @Nullable String datasetName,
        @Nullable String datasetDigest) {
    Metric {
        // As MLflow stores them, because not every database knows infinities.
        if (Double.isInfinite(value)) {
            value = Math.copySign(Double.MAX_VALUE, value);
        }
    }

    static Metric of(RequestFields fields, String keyField) {
        return new Metric(
                fields.text(keyField),
                fields.real("value"),
                fields.number("timestamp", 0),
                fields.number("step", 0),
                fields.textOrNull("model_id"),
                fields.textOrNull("dataset_name"),
                fields.textOrNull("dataset_digest"));
    }

    MetricPoint point() {
        return new MetricPoint(timestamp, step, value);
    }
}
