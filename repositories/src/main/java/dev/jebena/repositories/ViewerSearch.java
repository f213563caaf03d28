package dev.jebena.repositories;

import dev.jebena.base.Problem;
import dev.jebena.data.FeatureType;
import dev.jebena.data.Features;
import dev.jebena.data.Row;
import dev.jebena.data.RowCursor;
import dev.jebena.data.Where;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The viewer's `/search` and `/filter`: rows that a condition holds for, in their order, with
/// their numbers in the split. They are found by reading, as many as the time of a request allows.
final class ViewerSearch {
    private static final int PAGE = 100;
    private static final long PAGE_BYTES = 8L << 20;
    private static final int LONGEST = 10_000;

    private ViewerSearch() {}

    /// Rows in whose texts all words of the query stand, in letters of either case.
    static Object search(ViewerRequest request) {
        String query = limited(request, "query");
        ViewedSplit split = request.split();
        String[] words = query.strip().toLowerCase(Locale.ROOT).split("\\s+");
        return found(request, split, row -> holds(row, words));
    }

    private static String limited(ViewerRequest request, String parameter) {
        String text = request.required(parameter);
        if (text.length() > LONGEST) {
            throw ViewerErrors.invalid(
                    "Parameter '%s' has %,d characters; at most %,d"
                            .formatted(parameter, text.length(), LONGEST));
        }
        return text;
    }

    private static boolean holds(Row row, String[] words) {
        StringBuilder texts = new StringBuilder();
        for (int i = 0; i < row.features().size(); i++) {
            gather(row.get(i), row.features().type(i), texts);
        }
        String all = texts.toString().toLowerCase(Locale.ROOT);
        return Arrays.stream(words).allMatch(all::contains);
    }

    private static void gather(@Nullable Object value, FeatureType type, StringBuilder texts) {
        switch (value) {
            case String text -> texts.append(text).append('\n');
            case List<?> list -> list.forEach(item -> gather(item, type, texts));
            case Map<?, ?> map when !(type instanceof FeatureType.Media) ->
                    map.values().forEach(item -> gather(item, type, texts));
            case null, default -> {}
        }
    }

    /// Rows for which a condition such as `age > 30 AND name = 'Abebe'` holds.
    static Object filter(ViewerRequest request) {
        String where = limited(request, "where");
        ViewedSplit split = request.split();
        Predicate<Row> condition;
        try {
            condition = Where.parse(where, split.data().features());
        } catch (Problem e) {
            throw ViewerErrors.invalid("Parameter 'where' is invalid: " + e.getMessage());
        }
        return found(request, split, condition);
    }

    private static Object found(
            ViewerRequest request, ViewedSplit split, Predicate<Row> condition) {
        long offset = request.number("offset", 0, Long.MAX_VALUE);
        int length = (int) request.number("length", PAGE, PAGE);
        Features features = split.data().features();
        ViewerCells cells = request.cells(PAGE_BYTES);
        List<Object> rows = new ArrayList<>();
        long end = System.nanoTime() + ViewedSplit.MOST_TIME.toNanos();
        long matches = 0;
        long at = 0;
        boolean whole = false;
        try (RowCursor cursor = split.data().open()) {
            while (at < ViewedSplit.MOST_ROWS && System.nanoTime() < end) {
                Row row = cursor.next();
                if (row == null) {
                    whole = true;
                    break;
                }
                if (condition.test(row)) {
                    if (matches >= offset && rows.size() < length) {
                        rows.add(cells.row(at, row, length - rows.size()));
                    }
                    matches++;
                }
                at++;
            }
        } catch (Problem e) {
            throw ViewerErrors.damaged("StreamingRowsError", e);
        }
        return ViewerRoutes.page(features, rows, new ViewedSplit.Count(matches, !whole));
    }
}
