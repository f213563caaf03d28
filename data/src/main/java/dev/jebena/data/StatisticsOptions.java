package dev.jebena.data;

import dev.jebena.base.ProgressListener;
import java.time.Duration;
import java.util.List;

/// What is told of each column.
///
/// @param maxRows so many rows are looked at
/// @param maxTime after so long no further row is looked at
/// @param bins of a histogram
/// @param maxDistinct values are counted one by one while there are at most so many
/// @param maxFrequent so many of them are told, the most frequent ones
/// @param sample quantiles come from so many values, drawn by chance; exact where there are fewer
/// @param quantiles between 0 and 1
/// @param listener is told how many rows were read
public record StatisticsOptions(
        long maxRows,
        Duration maxTime,
        int bins,
        int maxDistinct,
        int maxFrequent,
        int sample,
        List<Double> quantiles,
        ProgressListener listener) {
    public static StatisticsOptions defaults() {
        return new StatisticsOptions(
                Long.MAX_VALUE,
                Duration.ofDays(3650),
                10,
                1_000,
                50,
                100_000,
                List.of(0.05, 0.25, 0.5, 0.75, 0.95),
                ProgressListener.none());
    }

    public StatisticsOptions maxRows(long rows) {
        return new StatisticsOptions(
                rows, maxTime, bins, maxDistinct, maxFrequent, sample, quantiles, listener);
    }

    public StatisticsOptions maxTime(Duration time) {
        return new StatisticsOptions(
                maxRows, time, bins, maxDistinct, maxFrequent, sample, quantiles, listener);
    }

    public StatisticsOptions bins(int count) {
        return new StatisticsOptions(
                maxRows, maxTime, count, maxDistinct, maxFrequent, sample, quantiles, listener);
    }

    public StatisticsOptions maxFrequent(int values) {
        return new StatisticsOptions(
                maxRows, maxTime, bins, maxDistinct, values, sample, quantiles, listener);
    }

    public StatisticsOptions listener(ProgressListener newListener) {
        return new StatisticsOptions(
                maxRows, maxTime, bins, maxDistinct, maxFrequent, sample, quantiles, newListener);
    }
}
