package dev.jebena.tracking;

import dev.jebena.base.SqlConnection;
import dev.jebena.base.SqlDatabase;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds runs. Within one experiment there are three ways, and none sorts or visits more runs than
/// it must:
///
/// 1. a comparison that an index answers and that lets few runs through leads, the rest is checked
///    and sorted;
/// 2. an order by a metric, param or tag walks the index of its values until the page is full;
/// 3. the default order walks the index of start times until the page is full.
///
/// Other orders, and searches over several experiments, are sorted by the database.
final class RunSearch {
    /// A comparison that lets at most so many runs through leads.
    private static final long FEW = 3000;

    private static final String NEWEST = "r.start_time DESC, r.uuid";

    /// What is searched.
    record Query(
            List<Long> experiments,
            List<FilterClause> filter,
            ViewType view,
            List<OrderClause> order,
            long offset,
            long limit) {}

    private final SqlDatabase data;

    RunSearch(SqlDatabase data) {
        this.data = data;
    }

    /// Ids of the runs from `offset` on, at most `limit`.
    List<Long> ids(Query query) {
        return query.experiments().isEmpty() || query.limit() <= 0
                ? List.of()
                : data.read(sql -> new Search(sql, query).ids());
    }

    private record Search(SqlConnection sql, Query query) {
        List<Long> ids() {
            if (query.experiments().size() > 1) {
                return page(sorted(null));
            }
            SqlText few = leading();
            if (few != null) {
                return page(sorted(few));
            }
            boolean byValue =
                    !query.order().isEmpty()
                            && !query.order().getFirst().key().is(FilterClause.ATTRIBUTE);
            return byValue ? byValue() : page(sorted(null));
        }

        private List<Long> page(SqlText text) {
            text.add(" LIMIT ? OFFSET ?", query.limit(), query.offset());
            return sql.list(text.text(), row -> row.number(1), text.values());
        }

        /// The comparison that lets the fewest runs through, when those are few.
        private @Nullable SqlText leading() {
            SqlText best = null;
            long fewest = FEW + 1;
            for (FilterClause clause : query.filter()) {
                SqlText ids =
                        RunFilter.indexed(sql.dialect(), query.experiments().getFirst(), clause);
                if (ids != null) {
                    SqlText count =
                            new SqlText(sql.dialect())
                                    .add("SELECT count(*) FROM (")
                                    .add(ids)
                                    .add(" LIMIT ?) few", fewest);
                    long found = sql.number(count.text(), count.values());
                    if (found < fewest) {
                        fewest = found;
                        best = ids;
                    }
                }
            }
            return best;
        }

        /// All matches, sorted by the database or read from the index of the default order.
        ///
        /// @param few ids among which all matches are; null to look at all runs
        private SqlText sorted(@Nullable SqlText few) {
            SqlText text = new SqlText(sql.dialect()).add("SELECT r.id FROM ");
            if (few != null) {
                // SQLite keeps the order of a CROSS JOIN.
                text.add("(").add(few).add(") few CROSS JOIN ");
            }
            text.add("run r");
            List<String> order = new ArrayList<>();
            joins(text, order, query.order());
            text.add(few == null ? " WHERE " : " WHERE r.id = few.run AND ");
            common(text);
            order.add(NEWEST);
            return text.add(" ORDER BY " + String.join(", ", order));
        }

        private void common(SqlText text) {
            List<Long> experiments = List.copyOf(new LinkedHashSet<>(query.experiments()));
            text.add(
                    experiments.size() == 1
                            ? "r.experiment = ?"
                            : "r.experiment IN (" + SqlText.marks(experiments.size()) + ")",
                    experiments.toArray());
            text.add(" AND " + query.view().condition("r.lifecycle"));
            text.add(RunFilter.conditions(sql.dialect(), query.filter()));
        }

        /// Joins what the order needs and adds its terms; runs without a value come last.
        private static void joins(SqlText text, List<String> order, List<OrderClause> clauses) {
            for (OrderClause clause : clauses) {
                String table = "o" + order.size();
                FilterClause key = clause.key();
                if (key.is(FilterClause.ATTRIBUTE)) {
                    String column = RunFilter.column(key);
                    // The index of the default order serves this one too.
                    boolean newest = column.equals("r.start_time") && !clause.ascending();
                    order.add(
                            newest
                                    ? "r.start_time DESC"
                                    : "CASE WHEN "
                                            + column
                                            + " IS NULL THEN 1 ELSE 0 END, "
                                            + column
                                            + clause.direction());
                    continue;
                }
                String source = table(key);
                text.add(
                        " LEFT JOIN %s %s ON %s.run = r.id AND %s.key = ?"
                                .formatted(source, table, table, table),
                        key.key());
                String nan =
                        key.is(FilterClause.METRIC) ? " WHEN " + table + ".nan = 1 THEN 1" : "";
                order.add(
                        "CASE WHEN %s.value IS NULL THEN 2%s ELSE 0 END, %s.value%s"
                                .formatted(table, nan, table, clause.direction()));
            }
        }

        /// Runs with a value in its order, then those whose value is NaN, then those without.
        private List<Long> byValue() {
            long wanted = query.offset() + query.limit();
            boolean metric = query.order().getFirst().key().is(FilterClause.METRIC);
            List<Long> found = new ArrayList<>(walk(metric ? "o.nan = 0 AND " : "", wanted));
            if (metric && found.size() < wanted) {
                found.addAll(walk("o.nan = 1 AND ", wanted - found.size()));
            }
            if (found.size() < wanted) {
                found.addAll(without(wanted - found.size()));
            }
            int from = (int) Math.min(found.size(), query.offset());
            return found.subList(from, found.size());
        }

        private List<Long> walk(String part, long limit) {
            OrderClause first = query.order().getFirst();
            SqlText text = new SqlText(sql.dialect()).add("SELECT r.id FROM " + table(first.key()));
            text.add(" o CROSS JOIN run r");
            List<String> order = new ArrayList<>();
            // The index of texts holds their beginnings; the whole decides among equal ones.
            order.add(
                    first.key().is(FilterClause.METRIC)
                            ? "o.value" + first.direction()
                            : "substr(o.value, 1, 100)%s, o.value%s"
                                    .formatted(first.direction(), first.direction()));
            joins(text, order, query.order().subList(1, query.order().size()));
            text.add(
                    " WHERE r.id = o.run AND o.experiment = ? AND o.key = ? AND " + part,
                    query.experiments().getFirst(),
                    first.key().key());
            common(text);
            order.add(NEWEST);
            text.add(" ORDER BY " + String.join(", ", order) + " LIMIT ?", limit);
            return sql.list(text.text(), row -> row.number(1), text.values());
        }

        private List<Long> without(long limit) {
            FilterClause first = query.order().getFirst().key();
            SqlText text = new SqlText(sql.dialect()).add("SELECT r.id FROM run r");
            List<String> order = new ArrayList<>();
            joins(text, order, query.order().subList(1, query.order().size()));
            text.add(" WHERE ");
            common(text);
            text.add(
                    " AND NOT EXISTS (SELECT 1 FROM "
                            + table(first)
                            + " n WHERE n.run = r.id AND n.key = ?)",
                    first.key());
            order.add(NEWEST);
            text.add(" ORDER BY " + String.join(", ", order) + " LIMIT ?", limit);
            return sql.list(text.text(), row -> row.number(1), text.values());
        }

        private static String table(FilterClause key) {
            return switch (key.type()) {
                case FilterClause.METRIC -> "latest_metric";
                case FilterClause.PARAM -> "param";
                case FilterClause.TAG -> "run_tag";
                default ->
                        throw MlflowError.invalid(
                                "Invalid order_by entity type '" + key.type() + "'");
            };
        }
    }
}
