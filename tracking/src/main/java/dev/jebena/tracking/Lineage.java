package dev.jebena.tracking;

import dev.jebena.base.Problem;
import dev.jebena.base.SqlConnection;
import dev.jebena.base.SqlDatabase;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/// Which bytes came from which. Runs tell it by what they read, wrote and registered; commands that
/// make files of files, such as `jebena quantize`, record it here.
///
/// ```java
/// Lineage lineage = Lineage.of(tracking);
/// lineage.record("quantize q8_0", List.of(LineageItem.file(before, "a.gguf")), List.of(...));
/// System.out.print(LineageText.tree(lineage.graph("sha256:…", 10)));
/// ```
public final class Lineage {
    static final String RUN = "run:";
    static final String VERSION = "version:";
    static final String LOGGED = "logged:";
    static final String CONTENT = "sha256:";

    private final SqlDatabase data;

    private Lineage(SqlDatabase data) {
        this.data = data;
    }

    public static Lineage of(Tracking tracking) {
        return new Lineage(tracking.data());
    }

    /// Records that all outputs were made of all inputs. Said again, it changes nothing.
    public void record(String job, List<LineageItem> inputs, List<LineageItem> outputs) {
        long now = System.currentTimeMillis();
        data.write(sql -> {
            for (LineageItem input : inputs) {
                put(sql, input);
                for (LineageItem output : outputs) {
                    put(sql, output);
                    sql.update(
                            "INSERT INTO lineage_edge (source, target, job, detail, created)"
                                    + " VALUES (?, ?, ?, '', ?) ON CONFLICT DO NOTHING",
                            input.id(),
                            output.id(),
                            job,
                            now);
                }
            }
            return true;
        });
    }

    private static void put(SqlConnection sql, LineageItem item) {
        sql.update(
                "INSERT INTO lineage_item (id, kind, name) VALUES (?, ?, ?)"
                        + " ON CONFLICT (id) DO UPDATE SET kind = excluded.kind,"
                        + " name = excluded.name",
                item.id(),
                item.kind(),
                item.name());
    }

    /// The lineage of a thing.
    ///
    /// @param id as [LineageItem#id]
    /// @param depth how many steps far
    public LineageGraph graph(String id, int depth) {
        return graph(id, depth, _ -> List.of());
    }

    /// As above, with steps that others know.
    ///
    /// @param more the steps that begin or end at an item
    public LineageGraph graph(
            String id, int depth, Function<LineageItem, ? extends Collection<LineageEdge>> more) {
        return graph(id, depth, more, _ -> true);
    }

    /// As above, following only the steps that `shown` lets pass.
    LineageGraph graph(
            String id,
            int depth,
            Function<LineageItem, ? extends Collection<LineageEdge>> more,
            Predicate<LineageEdge> shown) {
        LineageItem start = data.read(sql -> item(sql, id));
        return LineageGraph.around(
                start,
                depth,
                item -> {
                    Set<LineageEdge> edges = new LinkedHashSet<>(more.apply(item));
                    edges.addAll(data.read(sql -> new LineageSteps(sql, item).all()));
                    edges.removeIf(edge -> !shown.test(edge));
                    return edges;
                });
    }

    /// Things of recorded steps whose name or id has `text` in it, the newest first.
    List<LineageItem> named(String text, int most) {
        String like = "%" + text.replaceAll("([%_!])", "!$1").toLowerCase(Locale.ROOT) + "%";
        return data.read(sql ->
                sql.list(
                        "SELECT i.id, i.kind, i.name FROM lineage_item i"
                                + " WHERE lower(i.name) LIKE ? ESCAPE '!' OR i.id LIKE ? ESCAPE '!'"
                                + " ORDER BY (SELECT max(e.created) FROM lineage_edge e"
                                + " WHERE e.source = i.id OR e.target = i.id) DESC, i.id LIMIT ?",
                        row -> new LineageItem(row.text(1), row.text(2), row.text(3)),
                        like,
                        like,
                        most));
    }

    /// The experiment of a run; empty when there is no such run.
    Optional<String> experiment(String run) {
        return data.read(sql -> RunRow.find(sql, run)).map(row -> Long.toString(row.experiment()));
    }

    /// The run whose id begins so; empty when none or several do.
    public Optional<String> runId(String prefix) {
        if (!prefix.matches("[0-9a-f]{4,32}")) {
            return Optional.empty();
        }
        List<String> found =
                data.read(sql ->
                        sql.list(
                                "SELECT uuid FROM run WHERE uuid >= ? AND uuid < ? LIMIT 2",
                                row -> row.text(1),
                                prefix,
                                prefix + "g"));
        return found.size() == 1 ? Optional.of(RUN + found.getFirst()) : Optional.empty();
    }

    /// Whether `NAME/NUMBER` is a version of a registered model.
    public boolean isVersion(String text) {
        int slash = text.lastIndexOf('/');
        return slash > 0
                && text.substring(slash + 1).matches("\\d{1,18}")
                && data.read(sql ->
                        sql.number(
                                "SELECT count(*) FROM model_version"
                                        + " WHERE name = ? AND version = ?",
                                text.substring(0, slash),
                                Long.parseLong(text.substring(slash + 1))))
                        > 0;
    }

    /// What is known of an id. Throws NOT_FOUND for a run or version that is not there.
    private static LineageItem item(SqlConnection sql, String id) {
        if (id.startsWith(RUN)) {
            return RunRow.find(sql, id.substring(RUN.length()))
                    .map(run -> new LineageItem(id, "run", run.name()))
                    .orElseThrow(() -> Problem.notFound("there is no run " + id.substring(4)));
        }
        if (id.startsWith(VERSION)) {
            return new LineageItem(id, "version", id.substring(VERSION.length()));
        }
        return sql.first(
                        "SELECT kind, name FROM lineage_item WHERE id = ?",
                        row -> new LineageItem(id, row.text(1), row.text(2)),
                        id)
                .orElseGet(() -> new LineageItem(id, id.startsWith(CONTENT) ? "file" : "data", ""));
    }
}
