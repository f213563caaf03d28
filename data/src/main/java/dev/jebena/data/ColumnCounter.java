package dev.jebena.data;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.Temporal;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Collects what is told of one column.
final class ColumnCounter {
    /// Longer texts are not counted one by one.
    private static final int MAX_KEY = 500;

    private final String name;
    private final FeatureType type;
    private final StatisticsOptions options;
    private final NumberCounter numbers;
    private final NumberCounter lengths;
    private final NumberCounter times;
    private final boolean isNumber;
    private @Nullable Map<Object, long[]> counts = new HashMap<>();
    private @Nullable Comparable<Object> least;
    private @Nullable Comparable<Object> most;
    private long nulls;

    ColumnCounter(String name, FeatureType type, StatisticsOptions options) {
        this.name = name;
        this.type = type;
        this.options = options;
        boolean whole = type instanceof FeatureType.Value v && v.kind() == FeatureType.Kind.INT;
        this.numbers = new NumberCounter(options, whole);
        this.lengths = new NumberCounter(options, true);
        this.times = new NumberCounter(options, false);
        this.isNumber = !(type instanceof FeatureType.ClassLabel);
    }

    void add(@Nullable Object value) {
        if (value == null) {
            nulls++;
            return;
        }
        if (value instanceof Number number && isNumber) {
            numbers.add(number.doubleValue());
        }
        long length = length(value);
        if (length >= 0) {
            lengths.add((double) length);
        }
        if (value instanceof Comparable<?> && value instanceof Temporal time) {
            order(value);
            times.add(seconds(time));
        }
        count(value);
    }

    /// Since 1970, in UTC; NaN for a time of day.
    private static double seconds(Temporal time) {
        return switch (time) {
            case Instant at -> at.getEpochSecond() + at.getNano() / 1e9;
            case LocalDateTime at -> seconds(at.toInstant(ZoneOffset.UTC));
            case LocalDate day -> day.toEpochDay() * 86_400.0;
            default -> Double.NaN;
        };
    }

    private static long length(Object value) {
        return switch (value) {
            case String text -> text.codePointCount(0, text.length());
            case List<?> list -> list.size();
            case byte[] bytes -> bytes.length;
            case Map<?, ?> map when map.get("bytes") instanceof byte[] bytes -> bytes.length;
            default -> -1;
        };
    }

    @SuppressWarnings("unchecked")
    private void order(Object value) {
        Comparable<Object> one = (Comparable<Object>) value;
        if (least == null || one.compareTo(least) < 0) {
            least = one;
        }
        if (most == null || one.compareTo(most) > 0) {
            most = one;
        }
    }

    private void count(Object value) {
        Map<Object, long[]> counting = counts;
        if (counting == null) {
            return;
        }
        boolean countable =
                (value instanceof String text && text.length() <= MAX_KEY)
                        || value instanceof Number
                        || value instanceof Boolean
                        || value instanceof Temporal;
        if (!countable) {
            counts = null;
            return;
        }
        counting.computeIfAbsent(value, _ -> new long[1])[0]++;
        if (counting.size() > options.maxDistinct()) {
            counts = null;
        }
    }

    boolean wantsHistogram() {
        return numbers.count() > 0 || lengths.count() > 0 || times.count() > 0;
    }

    /// The second pass.
    void place(@Nullable Object value) {
        if (value instanceof Number number && isNumber) {
            numbers.place(number.doubleValue());
        }
        long length = value == null ? -1 : length(value);
        if (length >= 0) {
            lengths.place((double) length);
        }
        if (value instanceof Temporal time) {
            times.place(seconds(time));
        }
    }

    ColumnStatistics result(long rows) {
        Map<Object, long[]> counted = counts;
        return new ColumnStatistics(
                name,
                type,
                rows,
                nulls,
                counted == null ? null : (long) counted.size(),
                numbers.result(),
                lengths.result(),
                times.result(),
                least == null ? null : least.toString(),
                most == null ? null : most.toString(),
                counted == null ? List.of() : frequent(counted));
    }

    private List<ColumnStatistics.Frequency> frequent(Map<Object, long[]> counted) {
        return counted.entrySet().stream()
                .map(e -> new ColumnStatistics.Frequency(shown(e.getKey()), e.getValue()[0]))
                .sorted(
                        Comparator.comparingLong(ColumnStatistics.Frequency::count)
                                .reversed()
                                .thenComparing(ColumnStatistics.Frequency::value))
                .limit(options.maxFrequent())
                .toList();
    }

    private String shown(Object value) {
        return type instanceof FeatureType.ClassLabel label
                        && value instanceof Long number
                        && number >= 0
                        && number < label.names().size()
                ? label.names().get(number.intValue())
                : value.toString();
    }
}
