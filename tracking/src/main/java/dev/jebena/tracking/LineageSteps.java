package dev.jebena.tracking;

import dev.jebena.base.ContentId;
import dev.jebena.base.HttpException;
import dev.jebena.base.HttpJson;
import dev.jebena.base.SqlConnection;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The steps that begin or end at one item, as the tables of runs, artifacts and models tell them.
record LineageSteps(SqlConnection sql, LineageItem item) {
    private static final int MOST_FILES = 200;

    List<LineageEdge> all() {
        List<LineageEdge> edges = new ArrayList<>(recorded());
        String id = item.id();
        if (id.startsWith(Lineage.RUN)) {
            RunRow.find(sql, id.substring(Lineage.RUN.length()))
                    .ifPresent(run -> ofRun(run, edges));
        } else if (id.startsWith(Lineage.CONTENT)) {
            ofContent(id.substring(Lineage.CONTENT.length()), edges);
        } else if (id.startsWith(Lineage.VERSION)) {
            ofVersion(id.substring(Lineage.VERSION.length()), edges);
        } else if (id.startsWith(Lineage.LOGGED)) {
            ofLoggedModel(id.substring(Lineage.LOGGED.length()), edges);
        }
        return edges;
    }

    private List<LineageEdge> recorded() {
        return sql.list(
                "SELECT e.source, s.kind, s.name, e.target, t.kind, t.name, e.job, e.created"
                        + " FROM lineage_edge e JOIN lineage_item s ON s.id = e.source"
                        + " JOIN lineage_item t ON t.id = e.target"
                        + " WHERE e.source = ? OR e.target = ? ORDER BY e.created",
                row ->
                        new LineageEdge(
                                new LineageItem(row.text(1), row.text(2), row.text(3)),
                                new LineageItem(row.text(4), row.text(5), row.text(6)),
                                row.text(7),
                                row.number(8)),
                item.id(),
                item.id());
    }

    private static LineageItem run(RunRow run) {
        return new LineageItem(Lineage.RUN + run.uuid(), "run", run.name());
    }

    private static long time(RunRow run) {
        Long time = run.endTime() == null ? run.startTime() : run.endTime();
        return time == null ? 0 : time;
    }

    private static LineageItem logged(String id) {
        return new LineageItem(Lineage.LOGGED + id, "logged model", id);
    }

    private void ofRun(RunRow run, List<LineageEdge> edges) {
        LineageItem here = run(run);
        sql.each(
                "SELECT d.name, d.digest, d.source FROM dataset_input i"
                        + " JOIN dataset d ON d.id = i.dataset WHERE i.run = ? ORDER BY i.place",
                row ->
                        edges.add(
                                new LineageEdge(
                                        data(row.text(1), row.text(2), row.text(3)),
                                        here,
                                        "read",
                                        time(run))),
                run.id());
        sql.each(
                "SELECT model_id FROM model_input WHERE run = ?",
                row -> edges.add(new LineageEdge(logged(row.text(1)), here, "read", time(run))),
                run.id());
        sql.each(
                "SELECT model_id FROM model_output WHERE run = ? UNION"
                        + " SELECT id FROM logged_model WHERE source_run_id = ?",
                row -> edges.add(new LineageEdge(here, logged(row.text(1)), "wrote", time(run))),
                run.id(),
                run.uuid());
        root(run.artifactUri())
                .ifPresent(root ->
                        files(root)
                                .forEach(f ->
                                        edges.add(new LineageEdge(here, f, "wrote", time(run)))));
        sql.each(
                "SELECT name, version, created FROM model_version WHERE run_id = ?",
                row ->
                        edges.add(
                                new LineageEdge(
                                        here,
                                        version(row.text(1), row.number(2)),
                                        "registered",
                                        row.number(3))),
                run.uuid());
    }

    private static LineageItem version(String name, long version) {
        String shown = name + "/" + version;
        return new LineageItem(Lineage.VERSION + shown, "version", shown);
    }

    private List<LineageItem> files(String root) {
        return sql.list(
                "SELECT path, blob FROM artifact WHERE path >= ? AND path < ?"
                        + " AND NOT (path >= ? AND path < ?) ORDER BY path LIMIT ?",
                row ->
                        LineageItem.file(
                                new ContentId(row.text(2)),
                                row.text(1).substring(root.length() + 1)),
                root + "/",
                root + "0",
                root + "/" + RunInput.FOLDER,
                root + "/" + RunInput.FOLDER + "~",
                MOST_FILES);
    }

    /// Where files of this store lie; empty for other places and for URIs that are none.
    private static Optional<String> root(String uri) {
        try {
            return Artifacts.path(uri).filter(path -> !path.isEmpty());
        } catch (HttpException _) {
            return Optional.empty();
        }
    }

    /// By the hash of its bytes where the source tells that, as ours does.
    private static LineageItem data(String name, String digest, String source) {
        try {
            Object json = HttpJson.parse(source.getBytes(StandardCharsets.UTF_8));
            if (json instanceof Map<?, ?> map
                    && map.get("sha256") instanceof String hex
                    && hex.matches("[0-9a-f]{64}")) {
                return new LineageItem(Lineage.CONTENT + hex, "data", name);
            }
        } catch (HttpException _) {
            // A source is any text.
        }
        return new LineageItem("data:" + name + "@" + digest, "data", name);
    }

    private void ofContent(String hex, List<LineageEdge> edges) {
        sql.each(
                "SELECT path FROM artifact WHERE blob = ? ORDER BY path LIMIT " + MOST_FILES,
                row -> ofArtifact(row.text(1), hex, edges),
                hex);
        sql.each(
                "SELECT r.uuid, d.name FROM dataset d JOIN dataset_input i ON i.dataset = d.id"
                        + " JOIN run r ON r.id = i.run WHERE d.digest = ? AND d.source LIKE ?",
                row -> {
                    RunRow run = RunRow.get(sql, row.text(1));
                    LineageItem data = new LineageItem(item.id(), "data", row.text(2));
                    edges.add(new LineageEdge(data, run(run), "read", time(run)));
                },
                hex.substring(0, 32),
                "%" + hex + "%");
    }

    /// A path is `EXPERIMENT/Lineage.RUN/artifacts/…`.
    private void ofArtifact(String path, String hex, List<LineageEdge> edges) {
        String[] parts = path.split("/", 4);
        if (parts.length < 4 || parts[3].startsWith(RunInput.FOLDER)) {
            return;
        }
        LineageItem file = LineageItem.file(new ContentId(hex), parts[3]);
        RunRow.find(sql, parts[1])
                .ifPresent(run -> edges.add(new LineageEdge(run(run), file, "wrote", time(run))));
        sql.each(
                "SELECT name, version, source, created FROM model_version WHERE run_id = ?",
                row -> {
                    String source = row.textOrNull(3);
                    String root = source == null ? null : root(source).orElse(null);
                    if (root != null && (path.equals(root) || path.startsWith(root + "/"))) {
                        LineageItem version = version(row.text(1), row.number(2));
                        edges.add(new LineageEdge(file, version, "registered", row.number(4)));
                    }
                },
                parts[1]);
    }

    private void ofVersion(String shown, List<LineageEdge> edges) {
        int slash = shown.lastIndexOf('/');
        if (slash < 0 || !shown.substring(slash + 1).matches("\\d{1,18}")) {
            return;
        }
        sql.each(
                "SELECT run_id, source, created FROM model_version"
                        + " WHERE name = ? AND version = ?",
                row -> {
                    String source = row.textOrNull(2);
                    long time = row.number(3);
                    Optional.ofNullable(row.textOrNull(1))
                            .flatMap(run -> RunRow.find(sql, run))
                            .ifPresent(run ->
                                    edges.add(new LineageEdge(run(run), item, "registered", time)));
                    Optional.ofNullable(source)
                            .flatMap(LineageSteps::root)
                            .ifPresent(root ->
                                    files(root)
                                            .forEach(f ->
                                                    edges.add(
                                                            new LineageEdge(
                                                                    f, item, "registered", time))));
                },
                shown.substring(0, slash),
                Long.parseLong(shown.substring(slash + 1)));
    }

    private void ofLoggedModel(String id, List<LineageEdge> edges) {
        sql.each(
                "SELECT r.uuid, 0 FROM model_output o JOIN run r ON r.id = o.run"
                        + " WHERE o.model_id = ? UNION SELECT source_run_id, 0 FROM"
                        + " logged_model WHERE id = ? AND source_run_id IS NOT NULL"
                        + " UNION SELECT r.uuid, 1 FROM model_input i"
                        + " JOIN run r ON r.id = i.run WHERE i.model_id = ?",
                row ->
                        RunRow.find(sql, row.text(1))
                                .ifPresent(run ->
                                        edges.add(
                                                row.number(2) == 0
                                                        ? new LineageEdge(
                                                                run(run), item, "wrote", time(run))
                                                        : new LineageEdge(
                                                                item, run(run), "read",
                                                                time(run)))),
                id,
                id,
                id);
    }
}
