package dev.jebena.data;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One column described.
///
/// @param rows how many were looked at
/// @param nulls how many of them have no value
/// @param distinct how many different values there are; null when they are too many to count
/// @param numbers of the values of a column of numbers; null for others
/// @param lengths of texts in characters, of lists in elements, of bytes and media in bytes; null
///   for others
/// @param times of dates and times, as seconds since 1970 in UTC; null for others
/// @param least and `most`, of dates and times as ISO 8601 writes them; null for others
/// @param frequent values with how often they are, most frequent first; none when there are too
///   many different ones
public record ColumnStatistics(
        String name,
        FeatureType type,
        long rows,
        long nulls,
        @Nullable Long distinct,
        @Nullable Numbers numbers,
        @Nullable Numbers lengths,
        @Nullable Numbers times,
        @Nullable String least,
        @Nullable String most,
        List<Frequency> frequent) {
    /// A value, as it prints, and how often it is there.
    public record Frequency(String value, long count) {}

    /// Numbers described.
    ///
    /// @param count of those that are numbers; not-a-number and infinity are left out
    /// @param std of the sample (divided by count - 1); NaN for less than two
    /// @param quantiles by their fraction
    /// @param edges of the histogram's bins, one more than there are bins; the last bin has its
    ///   upper edge
    public record Numbers(
            long count,
            double min,
            double max,
            double mean,
            double std,
            Map<Double, Double> quantiles,
            double[] edges,
            long[] histogram) {
        Map<String, @Nullable Object> json() {
            Map<String, @Nullable Object> json = new LinkedHashMap<>();
            json.put("count", count);
            json.put("min", min);
            json.put("max", max);
            json.put("mean", mean);
            json.put("std", Double.isNaN(std) ? null : std);
            Map<String, Object> fractions = new LinkedHashMap<>();
            quantiles.forEach((q, value) -> fractions.put(q.toString(), value));
            json.put("quantiles", fractions);
            json.put("bin_edges", dev.jebena.data.internal.Values.plain(edges));
            json.put("hist", dev.jebena.data.internal.Values.plain(histogram));
            return json;
        }
    }

    /// Name to value, for JSON.
    public Map<String, @Nullable Object> json() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("name", name);
        json.put("type", type.toString());
        json.put("rows", rows);
        json.put("nulls", nulls);
        json.put("distinct", distinct);
        if (numbers != null) {
            json.put("numbers", numbers.json());
        }
        if (lengths != null) {
            json.put("lengths", lengths.json());
        }
        if (times != null) {
            json.put("times", times.json());
        }
        if (least != null) {
            json.put("least", least);
            json.put("most", most);
        }
        Map<String, Object> counts = new LinkedHashMap<>();
        frequent.forEach(f -> counts.put(f.value(), f.count()));
        json.put("frequent", counts);
        return json;
    }
}
